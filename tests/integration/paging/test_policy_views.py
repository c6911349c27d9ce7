"""Policies on their pages: list, preview, and an editor that needs no script."""

from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.paging import make_paged_team, make_person, make_policy, user_step

from evenfall.paging import actions, queries
from evenfall.paging.logic.words import AtEnd, TargetKind
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Mia", role="manager"))


def form(*steps: dict[str, Any], do: str = "save", **changes: Any) -> dict[str, Any]:
    fields = {
        "name": "Nights",
        "rounds": "2",
        "at_end": "catch_all",
        "ack_timeout_minutes": "30",
        "step_count": str(len(steps)),
        "do": do,
        **changes,
    }
    for n, step in enumerate(steps):
        for name, value in {"delay_minutes": "5", "targets": ["rota:", ""], **step}.items():
            fields[f"steps-{n}-{name}"] = value
    return fields


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_however_long(
    manager: Client, count: int, django_assert_num_queries: object
) -> None:
    person = make_person("Ada")
    for n in range(count):
        make_policy(user_step(person), name=f"Policy {n}")
    with django_assert_num_queries(7):  # type: ignore[operator]  # pytest-django's fixture
        answer = manager.get("/policies/")
    assert len(answer.context["rows"]) == count + 1


def test_list_reads_as_sentences(manager: Client) -> None:
    text = manager.get("/policies/").content.decode()
    assert "At once, page whoever is on call in the team&#x27;s rota." in text
    assert "New policy" in text


def test_observer_reads_policies_and_may_not_write_them() -> None:
    browser = signed_in(make_user(role="observer"))
    assert b"New policy" not in browser.get("/policies/").content
    assert browser.get("/policies/new/").status_code == 403


def test_policy_shows_who_would_be_paged_now() -> None:
    world = make_paged_team()
    policy_id = make_policy(user_step(world.dan))
    answer = signed_in(world.ada).get(f"/policies/{policy_id}/?team={world.team.id}")
    assert b"named in the policy" in answer.content
    assert answer.context["preview"][0].people[0].name == "Dan"


def test_new_policy_starts_from_the_default_one(manager: Client) -> None:
    answer = manager.get("/policies/new/")
    assert len(answer.context["editor"].steps) == 3


def test_editor_adds_moves_and_removes_steps_without_saving(manager: Client) -> None:
    steps = ({"delay_minutes": "1"}, {"delay_minutes": "2", "targets": ["lieutenant:"]})
    for wish, delays in (
        ("add", ["1", "2", "5"]),
        ("down.0", ["2", "1"]),
        ("up.1", ["2", "1"]),
        ("remove.0", ["2"]),
    ):
        answer = manager.post("/policies/new/", form(*steps, do=wish))
        shown = [str(step["delay_minutes"].value()) for step in answer.context["editor"].steps]
        assert shown == delays
    assert [policy.name for policy in queries.policies()] == ["Default"]


def test_editor_keeps_what_was_typed_while_steps_move(manager: Client) -> None:
    answer = manager.post("/policies/new/", form({"targets": ["team_lead:"]}, do="add"))
    editor = answer.context["editor"]
    assert editor.policy["name"].value() == "Nights"
    assert editor.steps[0].chosen_targets == ["team_lead:", ""]


def test_editor_saves_steps_with_conditions(manager: Client) -> None:
    person = make_person("Ada")
    step = {
        "targets": ["", f"user:{person.id}", "administrators:"],
        "delay_minutes": "7",
        "severities": ["critical"],
        "days": ["5", "6"],
        "start": "22:00",
        "end": "06:00",
        "zone": "Europe/Lisbon",
    }
    answer = manager.post("/policies/new/", form(step, catch_all_user_id=str(person.id)))
    assert answer.status_code == 302
    saved = queries.policies()[1]
    stored = saved.spec.steps[0]
    assert [target.kind for target in stored.targets] == [
        TargetKind.USER,
        TargetKind.ADMINISTRATORS,
    ]
    assert stored.window is not None
    assert (stored.window.zone, sorted(stored.window.days)) == ("Europe/Lisbon", [5, 6])
    assert (saved.spec.rounds, saved.spec.at_end) == (2, AtEnd.CATCH_ALL)
    shown = manager.get(f"/policies/{saved.id}/edit/").context["editor"].steps[0]
    assert shown["days"].value() == [5, 6]


def test_editor_previews_without_saving(manager: Client) -> None:
    person = make_person("Ada")
    answer = manager.post("/policies/new/", form({"targets": [f"user:{person.id}"]}, do="preview"))
    assert answer.context["preview"][0].people[0].name == "Ada"
    assert len(queries.policies()) == 1


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"targets": [""]}, "Choose at least one person, rota or team"),
        ({"delay_minutes": "0"}, "greater than or equal to 1"),
        ({"days": ["1"], "zone": "UTC"}, "Say at what time"),
        ({"days": ["1"], "start": "09:00", "end": "17:00", "zone": "Mars"}, "Write a time zone"),
    ],
)
def test_editor_shows_what_is_wrong_at_the_step(
    manager: Client, step: dict[str, Any], text: str
) -> None:
    answer = manager.post("/policies/new/", form(step))
    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_editor_without_steps_says_so(manager: Client) -> None:
    answer = manager.post("/policies/new/", form())
    assert b"at least one step" in answer.content


def test_edit_refuses_to_overwrite_a_newer_version(manager: Client) -> None:
    policy_id = make_policy(user_step(make_person("Ada")), name="Nights")
    changed = form({}, seen_number="1")
    assert manager.post(f"/policies/{policy_id}/edit/", changed).status_code == 302
    answer = manager.post(f"/policies/{policy_id}/edit/", changed)
    assert answer.status_code == 422
    assert b"Somebody saved version 2" in answer.content


def test_policy_of_a_team_is_edited_by_its_managers_only() -> None:
    lead = make_user()
    team = make_team(leads=(lead,))
    own = actions.create_policy(
        name="Own",
        team_id=team.id,
        spec=queries.policies()[0].spec,
        now=utc_now(),
        actor="system",
    )
    other = make_policy(user_step(make_person("Ada")))
    browser = signed_in(lead)
    assert browser.get(f"/policies/{own}/edit/").status_code == 200
    assert browser.get(f"/policies/{other}/edit/").status_code == 403


def test_policy_is_assigned_released_and_archived(manager: Client) -> None:
    world = make_paged_team()
    policy_id = make_policy(user_step(world.ada))
    url = f"/policies/{policy_id}/assign/"
    manager.post(url, {"target": f"team:{world.team.id}", "do": "assign"})
    manager.post(url, {"target": f"service:{world.service.id}", "do": "assign"})
    saved = queries.policy(policy_id)
    assert (saved.team_ids, saved.service_ids) == ((world.team.id,), (world.service.id,))
    assert manager.post(f"/policies/{policy_id}/archive/").status_code == 409
    manager.post(url, {"target": f"team:{world.team.id}", "do": "release"})
    manager.post(url, {"target": f"service:{world.service.id}", "do": "release"})
    assert manager.post(f"/policies/{policy_id}/archive/").status_code == 302
    assert manager.get(f"/policies/{policy_id}/").status_code == 404


def test_assigning_to_something_unknown_is_not_found(manager: Client) -> None:
    policy_id = make_policy(user_step(make_person("Ada")))
    for target in ("team:999999", "service:999999", "nonsense"):
        answer = manager.post(f"/policies/{policy_id}/assign/", {"target": target})
        assert answer.status_code == 404


def test_preview_is_for_a_team_of_the_policy_unless_another_is_chosen(manager: Client) -> None:
    make_team("Aardvarks")
    world = make_paged_team()
    policy_id = make_policy(user_step(world.dan))
    actions.assign_policy(policy_id=policy_id, team_id=world.team.id, now=utc_now(), actor="system")
    assert manager.get(f"/policies/{policy_id}/").context["team_id"] == world.team.id
    url = f"/policies/{policy_id}/edit/"
    shown = manager.post(url, form({"targets": ["team_lead:"]}, do="preview"))
    assert shown.context["preview"][0].people[0].name == "Dan"
