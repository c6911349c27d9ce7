"""The REST API of incidents."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_token, make_user
from tests.factories.incidents import declare, make_arrival, open_incident

from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions
from evenfall.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user("Ana", role="responder")


@pytest.fixture
def client(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(user)}"})


def get(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def send(
    client: Client, path: str, body: object = None, *, status: int = 200, method: str = "post"
) -> dict[str, Any]:
    answer = getattr(client, method)(
        f"/api/v1{path}", body if body is not None else {}, content_type="application/json"
    )
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def test_list_pages_through_all(client: Client) -> None:
    numbers = [declare(f"Incident {number}").pk for number in range(3)]
    first = get(client, "/incidents?limit=2")
    second = get(client, f"/incidents?limit=2&cursor={first['next']}")
    assert [one["id"] for one in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_for_many(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        open_incident(make_arrival(service_id=make_service(f"s{number}").pk))
    with django_assert_num_queries(6):
        assert len(get(client, "/incidents")["items"]) == count


def test_list_filters(client: Client) -> None:
    service = make_service()
    one = declare("Search is slow", service_id=service.pk)
    declare("Mail bounces")
    for query in (f"service_id={service.pk}", f"team_id={service.team_id}", "q=search"):
        assert [item["id"] for item in get(client, f"/incidents?{query}")["items"]] == [one.pk]
    assert get(client, "/incidents?state=resolved")["items"] == []
    assert get(client, "/incidents?severity=awful", status=422)["code"] == "invalid"


def test_declare_acknowledge_work_resolve_reopen(client: Client, user: User) -> None:
    service = make_service()
    made = send(
        client,
        "/incidents",
        {"title": "Shop is down", "service_id": service.pk, "severity": "SEV2"},
        status=201,
    )
    path = f"/incidents/{made['id']}"
    assert (made["state"], made["service"]["slug"]) == ("open", service.slug)
    assert send(client, f"{path}/acknowledge")["acknowledged_by"]["id"] == user.pk
    assert send(client, f"{path}/on-it")["mobilised_by"]["name"] == "Ana"
    assert send(client, f"{path}/resolve", {"not_actionable": True})["not_actionable"] is True
    assert send(client, f"{path}/acknowledge", status=409)["code"] == "incidents.not_possible"
    assert send(client, f"{path}/reopen", {"why": "again"})["state"] == "open"
    without_a_body = client.post(f"/api/v1{path}/resolve", "", content_type="application/json")
    assert without_a_body.json()["state"] == "resolved"


def test_edit_note_page_merge(client: Client) -> None:
    one, two = declare("One"), declare("Two")
    path = f"/incidents/{one.pk}"
    assert (
        send(client, f"{path}/severity", {"severity": "SEV5"}, method="put")["severity"] == "SEV5"
    )
    assert send(client, f"{path}/severity", {"severity": None}, method="put")["severity"] == "SEV5"
    assert send(client, f"{path}/title", {"title": "Uno"}, method="put")["title"] == "Uno"
    assert (
        send(client, f"{path}/title", {"title": " "}, status=422, method="put")["field"] == "title"
    )
    marked = send(client, f"{path}/not-actionable", {"not_actionable": True}, method="put")
    assert marked["not_actionable"] is True
    notes = send(client, f"{path}/notes", {"text": "**x**"}, status=201)["items"]
    assert notes[0]["html"] == "<p><strong>x</strong></p>\n"
    assert get(client, f"{path}/notes")["items"] == notes
    paged = send(client, f"{path}/page", {"user_ids": [make_user("Ben").pk]})
    assert len(paged["page_ids"]) == 1
    assert send(client, f"{path}/merge", {"into_id": two.pk})["id"] == two.pk
    assert get(client, path)["merged_into_id"] == two.pk


def test_alerts_story_similar_export(client: Client) -> None:
    incident = open_incident(make_arrival("g", log_lines=["boom"]), make_arrival("g"))
    actions.add_note(incident_id=incident.pk, text="seen", user_id=None, now=NOW, actor="system")
    path = f"/incidents/{incident.pk}"
    alerts = get(client, f"{path}/alerts")["items"]
    assert [alert["log_lines"] for alert in alerts] == [[], ["boom"]]
    story = get(client, f"{path}/story")["items"]
    assert story[0]["text"] == "Opened by an alert"
    assert (
        get(client, "/incidents/similar?title=checkout 5xx")["items"][0]["incident"]["id"]
        == incident.pk
    )
    export = get(client, f"{path}/export")
    assert set(export) == {"incident", "alerts", "notes", "story"}
    text = client.get(f"/api/v1{path}/export.md").content.decode()
    assert text.startswith(f"# Incident {incident.pk}: Checkout answers 5xx\n\n- State: open\n")
    assert "- error: Checkout answers 5xx (open)" in text
    assert "seen" in text


def test_export_keeps_strangers_words_from_becoming_markup(client: Client) -> None:
    incident = declare("# <b>*x*</b>\n- y")
    text = client.get(f"/api/v1/incidents/{incident.pk}/export.md").content.decode()
    assert f"# Incident {incident.pk}: \\# \\<b\\>\\*x\\*\\</b\\> - y\n" in text


@pytest.mark.parametrize("part", ["", "/alerts", "/notes", "/story", "/export", "/export.md"])
def test_an_unknown_incident_is_not_found(client: Client, part: str) -> None:
    assert client.get(f"/api/v1/incidents/404{part}").status_code == 404


def test_a_token_that_may_only_look_cannot_act(user: User) -> None:
    secret = make_token(user, scopes=[Permission.VIEW])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    incident = declare()
    assert get(client, f"/incidents/{incident.pk}")["id"] == incident.pk
    assert send(client, f"/incidents/{incident.pk}/resolve", status=403)
    assert Incident.objects.get().state == "open"


def test_merge_needs_the_right_to_respond_to_both() -> None:
    from_team, into_team = make_service(), make_service("Mail")
    one = declare("One", service_id=from_team.pk)
    two = declare("Two", service_id=into_team.pk)
    user = make_user("Olga", role="observer")
    from_team.team.memberships.create(user=user, role="responder", created_at=NOW)
    client = Client(headers={"Authorization": f"Bearer {make_token(user)}"})
    assert send(client, f"/incidents/{one.pk}/merge", {"into_id": two.pk}, status=403)
    assert send(client, f"/incidents/{one.pk}/acknowledge")["state"] == "acknowledged"
