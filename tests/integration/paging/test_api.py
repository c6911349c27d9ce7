"""The REST API of paging."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_token, make_user
from tests.factories.paging import PagedTeam, make_paged_team, make_person, start_page

from evenfall.paging.models import Page
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


class Api:
    """Calls with a token of one person; JSON in, JSON out."""

    def __init__(self, role: str = "manager") -> None:
        self._secret = make_token(make_user(role=role))

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._secret}"},
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


STEP = {"targets": [{"kind": "rota"}], "delay_minutes": 5}


def test_policies_are_created_changed_and_archived(api: Api) -> None:
    window = {"zone": "UTC", "days": [0], "start": "09:00:00", "end": "17:00:00"}
    made = api(
        "POST", "/policies", {"name": "Nights", "steps": [{**STEP, "window": window}]}, status=201
    )
    assert made["steps"][0]["window"] == window
    changed = {"name": "Days", "steps": [STEP], "seen_number": 1}
    assert api("PUT", f"/policies/{made['id']}", changed)["number"] == 2
    conflict = api("PUT", f"/policies/{made['id']}", changed, status=409)
    assert conflict["code"] == "paging.policy_changed"
    names = [policy["name"] for policy in api("GET", "/policies")["items"]]
    assert names == ["Default", "Days"]
    api("DELETE", f"/policies/{made['id']}", status=204)
    api("GET", f"/policies/{made['id']}", status=404)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": []}, "steps"),
        ({"steps": [{"targets": [{"kind": "user", "id": 999999}]}]}, "steps.0.targets"),
        ({"steps": [{"targets": [{"kind": "rota", "id": 999999}]}]}, "steps.0.targets"),
        ({"steps": [{"targets": [{"kind": "team", "id": 999999}]}]}, "steps.0.targets"),
        ({"catch_all_user_id": 999999}, "catch_all_user_id"),
        ({"rounds": 0}, "rounds"),
    ],
)
def test_policies_with_a_flaw_are_refused_at_their_field(
    api: Api, changes: dict[str, Any], field: str
) -> None:
    body = {"name": "Nights", "steps": [STEP], **changes}
    assert api("POST", "/policies", body, status=422)["field"] == field


@pytest.mark.parametrize(
    "changes", [{"name": "a\x00b"}, {"catch_all_user_id": 2**70}, {"team_id": 0}]
)
def test_values_the_database_cannot_hold_are_refused(api: Api, changes: dict[str, Any]) -> None:
    api("POST", "/policies", {"name": "Nights", "steps": [STEP], **changes}, status=422)


def test_policy_of_an_unknown_team_is_not_found(api: Api) -> None:
    api("POST", "/policies", {"name": "Nights", "steps": [STEP], "team_id": 999999}, status=404)


def test_policy_is_previewed_and_assigned(api: Api, world: PagedTeam) -> None:
    made = api("POST", "/policies", {"name": "Nights", "steps": [STEP]}, status=201)
    lines = api("GET", f"/policies/{made['id']}/preview?team_id={world.team.id}")["items"]
    assert lines[0]["people"][0]["name"] == "Ada"
    url = f"/policies/{made['id']}/assignments"
    api("POST", url, {"team_id": world.team.id}, status=204)
    api("POST", url, {"service_id": world.service.id}, status=204)
    assert api("GET", f"/policies/{made['id']}")["team_ids"] == [world.team.id]
    assert api("POST", url, {}, status=422)["field"] == "service_id"


def test_pages_are_listed_read_and_answered(api: Api, world: PagedTeam) -> None:
    page = start_page(world, now=utc_now())
    assert [one["id"] for one in api("GET", "/pages?open_only=true")["items"]] == [page.id]
    assert api("GET", "/pages?mine=true")["items"] == []
    assert api("GET", f"/pages/{page.id}")["people"] == ["Ada"]
    answer = {"response": "acknowledge"}
    answered = api("POST", f"/pages/{page.id}/responses", answer)
    assert answered == {"page_id": page.id, "status": "acknowledged", "reason": "acknowledged"}
    story = api("GET", f"/pages/{page.id}/story")["items"]
    assert story[0]["kind"] == "paging.page_started"
    api("GET", "/pages/999999", status=404)


def test_answer_of_a_person_outside_needs_the_role(world: PagedTeam) -> None:
    page = start_page(world, now=utc_now())
    body = {"response": "acknowledge"}
    Api("observer")("POST", f"/pages/{page.id}/responses", body, status=403)


def test_somebody_is_paged_over_the_api(api: Api, world: PagedTeam) -> None:
    body = {"message": "Join the call", "user_id": world.dan.id}
    made = api("POST", "/pages", body, status=201)
    assert made["people"] == ["Dan"]
    assert Page.objects.get().team_id == world.team.id
    assert api("POST", "/pages", {"message": "Help"}, status=422)["code"] == (
        "paging.nobody_to_page"
    )
    for name in ("user_id", "team_id", "service_id", "policy_id"):
        api("POST", "/pages", {"message": "Help", name: 999999}, status=404)


def test_my_rules_are_read_and_replaced(api: Api) -> None:
    assert api("GET", "/profile/rules")["is_default"]
    rule = {
        "urgency": "high",
        "kind": "email",
        "delay_minutes": 1,
        "hours": "always",
        "team_id": None,
    }
    saved = api("PUT", "/profile/rules", {"rules": [rule]})
    assert (saved["is_default"], saved["rules"][0]) == (False, rule)
    late = {**rule, "delay_minutes": 9999}
    assert api("PUT", "/profile/rules", {"rules": [late]}, status=422)["field"] == (
        "rules.0.delay_minutes"
    )
    nowhere = {**rule, "team_id": 99_999}
    assert api("PUT", "/profile/rules", {"rules": [nowhere]}, status=422)["field"] == (
        "rules.0.team_id"
    )
    assert api("PUT", "/profile/rules", {"rules": []})["is_default"]


def test_my_hours_are_read_and_replaced(api: Api) -> None:
    assert api("GET", "/profile/rules")["hours"] == {
        "days": [0, 1, 2, 3, 4],
        "start": "09:00:00",
        "end": "17:00:00",
    }
    wanted = {"days": [5, 6], "start": "10:00:00", "end": "12:30:00"}
    assert api("PUT", "/profile/hours", wanted)["hours"] == wanted
    unending = {**wanted, "end": "10:00:00"}
    assert api("PUT", "/profile/hours", unending, status=422)["field"] == "end"
    assert api("PUT", "/profile/hours", {**wanted, "days": [9]}, status=422)["field"] == "days"


def test_people_without_the_role_may_not_write_policies() -> None:
    make_person("Ada")
    body = {"name": "Nights", "steps": [STEP]}
    Api("responder")("POST", "/policies", body, status=403)
