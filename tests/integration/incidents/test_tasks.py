"""Tasks of incidents: the actions, the pages, the API."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.incidents import declare

from evenfall.identity.models import User
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.logic.tasks import MOST_OPEN
from evenfall.incidents.models import Incident, Task
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def ana() -> User:
    return make_user("Ana")


@pytest.fixture
def incident() -> Incident:
    return declare("Shop is slow")


@pytest.fixture
def client(ana: User) -> Client:
    return signed_in(ana)


def add(incident: Incident, title: str = "Call the provider", owner: User | None = None) -> int:
    return actions.add_task(
        incident_id=incident.pk,
        title=title,
        owner_id=None if owner is None else owner.pk,
        due_at=NOW + HOUR,
        now=NOW,
        actor="system",
    )


def titles(incident: Incident) -> list[str]:
    return [task.title for task in queries.task_board(incident.pk, now=NOW).tasks]


def told(incident: Incident) -> list[str]:
    return [one.line.text for one in queries.incident_story(incident.pk)]


def test_a_task_is_taken_over_and_done_and_the_story_tells_it(
    incident: Incident, ana: User
) -> None:
    task_id = add(incident, owner=make_user("Ben"))
    actions.take_task(
        incident_id=incident.pk, task_id=task_id, user_id=ana.pk, now=NOW, actor=f"user:{ana.pk}"
    )
    for _ in range(2):
        actions.finish_task(
            incident_id=incident.pk, task_id=task_id, now=NOW, actor=f"user:{ana.pk}"
        )
    task = queries.task(incident.pk, task_id, now=NOW)
    assert task.owner
    assert (task.owner.name, task.state.value, task.closed_by) == ("Ana", "done", "Ana")
    lines = told(incident)
    assert "Evenfall added the task “Call the provider”" in lines
    assert "Ana has the task “Call the provider” now" in lines
    assert lines.count("Done: Call the provider") == 1


def test_a_task_that_is_not_done_needs_a_reason(incident: Incident) -> None:
    task_id = add(incident)
    with pytest.raises(errors.TaskReasonMissing):
        actions.drop_task(
            incident_id=incident.pk, task_id=task_id, reason=" ", now=NOW, actor="system"
        )
    actions.drop_task(
        incident_id=incident.pk, task_id=task_id, reason="It mended itself", now=NOW, actor="system"
    )
    with pytest.raises(errors.TaskClosed, match="is dropped already"):
        actions.finish_task(incident_id=incident.pk, task_id=task_id, now=NOW, actor="system")
    actions.reopen_task(incident_id=incident.pk, task_id=task_id, now=NOW, actor="system")
    assert queries.task(incident.pk, task_id, now=NOW).reason == ""


def test_a_task_is_late_when_its_time_has_passed(incident: Incident) -> None:
    add(incident)
    assert queries.task_board(incident.pk, now=NOW + HOUR).overdue == 0
    assert queries.task_board(incident.pk, now=NOW + 2 * HOUR).overdue == 1


def test_tasks_have_an_order_that_people_give(incident: Incident) -> None:
    ids = [add(incident, title) for title in ("One", "Two", "Three")]
    actions.move_task(incident_id=incident.pk, task_id=ids[2], place=0, now=NOW, actor="system")
    assert titles(incident) == ["Three", "One", "Two"]
    actions.move_task(incident_id=incident.pk, task_id=ids[2], place=0, now=NOW, actor="system")
    kinds = [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]
    assert kinds.count("incidents.task_moved") == 1
    assert add(incident, "Four")
    assert titles(incident)[-1] == "Four"


def test_only_what_changes_is_told(incident: Incident, ana: User) -> None:
    task_id = add(incident, owner=ana)

    def change(title: str) -> None:
        actions.change_task(
            incident_id=incident.pk,
            task_id=task_id,
            title=title,
            owner_id=ana.pk,
            due_at=NOW + HOUR,
            now=NOW,
            actor="system",
        )

    before = len(told(incident))
    change("Call the provider")
    assert len(told(incident)) == before
    change("Mail the provider")
    assert len(told(incident)) == before + 1


def test_there_is_an_end_to_open_tasks(incident: Incident) -> None:
    Task.objects.bulk_create(
        Task(incident=incident, title="x", created_at=NOW, created_by="system")
        for _ in range(MOST_OPEN)
    )
    with pytest.raises(errors.TooManyTasks):
        add(incident)


def test_a_task_of_another_incident_is_not_found(incident: Incident) -> None:
    task_id = add(declare("Other"))
    with pytest.raises(errors.TaskNotFound):
        actions.finish_task(incident_id=incident.pk, task_id=task_id, now=NOW, actor="system")


def test_tasks_are_added_and_finished_on_the_page(
    client: Client, incident: Incident, ana: User
) -> None:
    address = f"/incidents/{incident.pk}/"
    answer = client.post(
        f"{address}tasks/", {"title": "Turn the switch", "owner_id": ana.pk, "due_in": "30"}
    )
    assert answer["Location"] == f"{address}#tasks"
    task = Task.objects.get()
    assert task.due_at == task.created_at + timedelta(minutes=30)
    assert "Turn the switch" in _html(client, address)
    assert "It will not be done" in _html(client, f"{address}tasks/{task.pk}/")
    client.post(f"{address}tasks/{task.pk}/done/")
    assert "Everything is done" in _html(client, address)
    client.post(f"{address}tasks/{task.pk}/reopen/")
    client.post(f"{address}tasks/{task.pk}/drop/", {"reason": "No need"})
    assert "No need" in _html(client, f"{address}tasks/{task.pk}/")


def test_the_form_changes_a_task(client: Client, incident: Incident, ana: User) -> None:
    task_id = add(incident)
    address = f"/incidents/{incident.pk}/tasks/{task_id}/"
    assert client.post(address, {"title": ""}).status_code == 422
    said = {"title": "Mail them", "owner_id": ana.pk, "due_at": "2026-03-02T14:00"}
    assert client.post(address, said).status_code == 302
    task = Task.objects.get()
    assert (task.title, task.owner_id, task.due_at) == ("Mail them", ana.pk, NOW + 2 * HOUR)


def test_an_observer_reads_and_cannot_act(incident: Incident) -> None:
    task_id = add(incident)
    client = signed_in(make_user("Olga", role="observer"))
    address = f"/incidents/{incident.pk}/tasks/"
    assert "It will not be done" not in _html(client, f"{address}{task_id}/")
    assert client.post(address, {"title": "x"}).status_code == 403
    assert client.post(f"{address}{task_id}/", {"title": "x"}).status_code == 403
    for act in ("take", "done", "drop", "reopen", "move"):
        assert client.post(f"{address}{task_id}/{act}/").status_code == 403
    assert titles(incident) == ["Call the provider"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_card_costs_the_same_for_one_and_for_many(
    client: Client,
    incident: Incident,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        add(incident, f"Task {number}", owner=make_user(f"Ben {number}"))
    address = f"/incidents/{incident.pk}/parts/tasks/"
    _html(client, address)
    with django_assert_num_queries(8):
        assert _html(client, address).count("row-link") == count


def test_roles_and_tasks_over_the_api(incident: Incident, ana: User) -> None:
    client = Client(headers={"Authorization": f"Bearer {make_token(ana)}"})
    ben = make_user("Ben")
    address = f"/api/v1/incidents/{incident.pk}"

    def send(path: str, body: dict[str, object] | None = None, method: str = "post") -> object:
        answer = getattr(client, method)(
            f"{address}/{path}", body or {}, content_type="application/json"
        )
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()

    assert send("roles", {"role": "commander"})["held"][0]["person"]["name"] == "Ana"  # type: ignore[index] # JSON
    send("roles/leave", {"role": "commander", "successor_id": ben.pk, "next_steps": "Go on"})
    card = client.get(f"{address}/handovers").json()["items"][0]
    assert (card["from_person"]["name"], card["next_steps"]) == ("Ana", "Go on")
    assert client.post(f"{address}/handovers/{card['id']}/read").status_code == 409
    assert (
        client.post(
            f"{address}/roles/leave", {"role": "commander", "user_id": ben.pk}, "application/json"
        ).status_code
        == 409
    )
    cost = client.get(f"{address}/people-cost").json()
    assert {one["person"]["name"] for one in cost["people"]} == {"Ana", "Ben"}
    task_id = send("tasks", {"title": "Call"})["items"][0]["id"]  # type: ignore[index] # JSON
    send(f"tasks/{task_id}", {"title": "Mail", "owner_id": ben.pk}, "put")
    send(f"tasks/{task_id}/take")
    send(f"tasks/{task_id}/move", {"place": 0})
    send(f"tasks/{task_id}/done")
    send(f"tasks/{task_id}/reopen")
    send(f"tasks/{task_id}/drop", {"reason": "No need"})
    task = client.get(f"{address}/tasks").json()["items"][0]
    assert (task["title"], task["owner"]["name"], task["state"]) == ("Mail", "Ana", "dropped")


def _html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
