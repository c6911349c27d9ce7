import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_membership, make_team, make_token, make_user

from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


class Rest:
    """The API as one person's token sees it."""

    def __init__(self, role: str) -> None:
        self._token = make_token(make_user(role=role), now=utc_now())

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return Client().generic(
            method,
            f"/api/v1/triage{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._token}"},
        )


def test_an_item_from_the_report_to_its_end() -> None:
    rest, team = Rest("responder"), make_team()
    made = rest.ask("POST", "/items", {"title": "Wrong dates", "team_id": team.id})
    assert made.status_code == 201, made.content
    item = made.json()
    one = f"/items/{item['id']}"
    assert [clock["kind"] for clock in item["clocks"]] == [
        "first_response", "decision", "next_contact", "resolution"
    ]  # fmt: skip
    assert rest.ask("PUT", one, {"effort_hours": 4, "pin": "legal"}).json()["score"]["pin"]
    changed = rest.ask("PUT", f"{one}/priority", {"impact": "high", "urgency": "high"}).json()
    assert changed["priority"] == "P1"
    until = (utc_now() + timedelta(days=1)).isoformat()
    override = {"score": 7, "reason": "The fair", "until": until}
    assert rest.ask("PUT", f"{one}/override", override).json()["score"]["total"] == 7
    naive = {**override, "until": "2099-01-01T00:00:00"}
    assert rest.ask("PUT", f"{one}/override", naive).status_code == 422
    assert rest.ask("DELETE", f"{one}/override").json()["score"]["override_until"] is None
    moves: tuple[dict[str, str], ...] = (
        {"what": "accepted"},
        {"what": "pulled"},
        {"what": "paused", "reason": "vendor"},
        {"what": "resumed"},
        {"what": "done"},
    )
    for move in moves:
        answer = rest.ask("POST", f"{one}/moves", move)
        assert answer.status_code == 200, answer.content
    assert rest.ask("POST", f"{one}/moves", {"what": "done"}).status_code == 409
    assert rest.ask("POST", f"{one}/moves", {"what": "changed"}).status_code == 422
    assert rest.ask("POST", f"{one}/moves", {"what": "paused"}).status_code == 422
    events = rest.ask("GET", f"{one}/events").json()["items"]
    assert [event["what"] for event in events][-5:] == [move["what"] for move in moves]
    assert rest.ask("GET", "/items").json()["items"] == []
    assert len(rest.ask("GET", "/items?state=done").json()["items"]) == 1
    assert rest.ask("GET", "/items/999").status_code == 404


def test_who_may_what() -> None:
    team = make_team()
    observer, stakeholder = Rest("observer"), Rest("stakeholder")
    body = {"title": "Wrong dates", "team_id": team.id}
    assert observer.ask("POST", "/items", body).status_code == 403
    number = stakeholder.ask("POST", "/items", body).json()["id"]
    assert observer.ask("GET", f"/items/{number}").status_code == 200
    move = {"what": "accepted"}
    assert stakeholder.ask("POST", f"/items/{number}/moves", move).status_code == 403
    assert Rest("responder").ask("PUT", f"/teams/{team.id}", {}).status_code == 403


def test_hours_targets_teams_and_the_report() -> None:
    rest, team = Rest("manager"), make_team()
    hours = [{"day": 0, "starts": 540, "ends": 1020}]
    calendar = {"name": "Berlin", "zone": "Europe/Berlin", "hours": hours, "country": "DE"}
    made = rest.ask("POST", "/calendars", calendar)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    again = rest.ask("PUT", f"/calendars/{number}", {**calendar, "region": "BY"}).json()
    assert (again["versions"], again["region"]) == (2, "BY")
    for field, wrong in (("zone", "Mars"), ("hours", []), ("country", "XX"), ("name", " ")):
        answer = rest.ask("POST", "/calendars", {**calendar, "name": "New", field: wrong})
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert len(rest.ask("GET", "/calendars").json()["items"]) == 1
    assert rest.ask("PUT", "/calendars/999", calendar).status_code == 422  # the name is taken
    other = {**calendar, "name": "Other"}
    assert rest.ask("PUT", "/calendars/999", other).status_code == 404
    wish = {"first_response": 30, "decision": None, "next_contact": None, "resolution": None}
    assert rest.ask("PUT", "/targets/P3", wish).json()["first_response"] == 30
    assert len(rest.ask("GET", "/targets").json()["items"]) == 5
    review = {"business_calendar_id": number, "wip_limit": 3, "weekly_hours": 12.5}
    assert rest.ask("PUT", f"/teams/{team.id}", review).json()["calendar_id"] == number
    opened = rest.ask("POST", f"/teams/{team.id}/intake").json()
    hint = rest.ask("GET", f"/teams/{team.id}").json()["intake_hint"]
    assert opened["address"].rstrip("/").endswith(hint)
    assert rest.ask("DELETE", f"/teams/{team.id}/intake").status_code == 204
    assert rest.ask("DELETE", f"/teams/{team.id}/intake").status_code == 404
    found = rest.ask("GET", "/report?weeks=4").json()
    assert (found["items"], found["median_age_s"], len(found["flow"])) == (0, None, 5)
    week = rest.ask("GET", f"/teams/{team.id}/week").json()
    assert (week["hours"], week["people"], week["first_out_id"]) == (12.5, [], None)


def test_addresses_for_mail() -> None:
    rest, team = Rest("manager"), make_team()
    sources = f"/teams/{team.id}/mail-sources"
    made = rest.ask("POST", sources, {"name": "Customers", "answers": False})
    assert made.status_code == 201
    assert (made.json()["address"], len(made.json()["key"])) == ("", 32)
    one = f"{sources}/{made.json()['id']}"
    (listed,) = rest.ask("GET", sources).json()["items"]
    assert (listed["name"], listed["answers"], listed["items"]) == ("Customers", False, 0)
    assert made.json()["key"].endswith(listed["key_hint"])
    assert rest.ask("GET", f"{one}/refused").json() == {"items": []}
    assert rest.ask("POST", sources, {"name": "Customers"}).status_code == 422
    assert rest.ask("POST", sources, {"name": "Bank", "service_id": 999}).status_code == 404
    assert Rest("responder").ask("GET", sources).status_code == 403
    other = f"/teams/{make_team('Other').id}/mail-sources/{made.json()['id']}"
    assert rest.ask("DELETE", other).status_code == 404
    assert rest.ask("DELETE", one).status_code == 204
    assert rest.ask("DELETE", one).status_code == 404


def test_the_ways_out_over_the_api() -> None:
    rest, team = Rest("responder"), make_team()
    items = [
        rest.ask("POST", "/items", {"title": str(n), "team_id": team.id}).json()["id"]
        for n in range(3)
    ]
    move = f"/items/{items[0]}/moves"
    later = (utc_now() + timedelta(days=9)).isoformat()
    for wrong in (
        {"what": "duplicate"},
        {"what": "duplicate", "original_id": items[0]},
        {"what": "promoted"},
        {"what": "risk_taken", "text": "Rare", "accepted_by": "Kim"},
        {"what": "risk_taken", "text": "Rare", "review_at": later},
        {"what": "risk_taken", "text": "R", "accepted_by": "K", "review_at": "2099-01-01T00:00:00"},
    ):
        assert rest.ask("POST", move, wrong).status_code == 422, wrong
    same = rest.ask("POST", move, {"what": "duplicate", "original_id": items[1]}).json()
    assert (same["state"], same["duplicate_of_id"]) == ("duplicate", items[1])
    found = rest.ask("GET", f"/items/{items[1]}/duplicates").json()["items"]
    assert [one["id"] for one in found] == [items[0]]
    assert rest.ask("POST", move, {"what": "reopened", "text": "No"}).json()["state"] == "new"
    risk = {"what": "risk_taken", "text": "Rare", "accepted_by": "Kim", "review_at": later}
    assert rest.ask("POST", move, risk).json()["risk_accepted_by"] == "Kim"
    assert len(rest.ask("GET", "/items?state=risk_accepted").json()["items"]) == 1
    move = f"/items/{items[2]}/moves"
    rest.ask("POST", move, {"what": "accepted"})
    assert rest.ask("POST", move, {"what": "scheduled"}).status_code == 422
    day = utc_now().date()
    planned = rest.ask("POST", move, {"what": "scheduled", "monday": day.isoformat()}).json()
    assert planned["scheduled_for"] == (day - timedelta(days=day.weekday())).isoformat()
    for what in ("pulled", "fixed"):
        assert rest.ask("POST", move, {"what": what}).status_code == 200
    assert rest.ask("POST", move, {"what": "not_fixed"}).status_code == 422
    promotion = {"severity": "SEV3", "page": False}
    made = rest.ask("POST", f"/items/{items[2]}/incident", promotion).json()
    assert (made["state"], made["incident"]["severity"]) == ("promoted", "SEV3")
    assert rest.ask("POST", f"/items/{items[2]}/incident", promotion).status_code == 409
    assert Rest("observer").ask("POST", f"/items/{items[1]}/incident", promotion).status_code == 403
    assert Rest("observer").ask("GET", f"/items/{items[1]}/duplicates").status_code == 200


def test_skills_over_the_api() -> None:
    user, team = make_user("Ada"), make_team()
    make_membership(team, user)
    path, body = f"/teams/{team.id}/skills", {"people": [{"user_id": user.id, "skills": ["SQL"]}]}
    assert Rest("responder").ask("PUT", path, body).status_code == 403
    manager = Rest("manager")
    assert manager.ask("PUT", path, body).json()["items"][0]["skills"] == ["sql"]
    assert Rest("observer").ask("GET", path).json()["items"][0]["name"] == "Ada"
    stranger = {"people": [{"user_id": make_user("Ben").id, "skills": []}]}
    assert manager.ask("PUT", path, stranger).status_code == 422
    made = manager.ask("POST", "/items", {"title": "x", "team_id": team.id}).json()
    wanted = manager.ask("PUT", f"/items/{made['id']}", {"skills": ["Rust"]}).json()
    assert wanted["skills"] == ["rust"]
    manager.ask("POST", f"/items/{made['id']}/moves", {"what": "accepted"})
    week = manager.ask("GET", f"/teams/{team.id}/week").json()
    assert week["not_this_week"][0]["why"] == "Nobody in the team has the skills: rust."
    assert week["people"][0]["skills"] == ["sql"]
    assert (week["is_overrun"], week["loads"]) == (False, [])
