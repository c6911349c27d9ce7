"""The REST API: the same use cases as the pages."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_token, make_user
from tests.factories.postmortems import ended_incident, first_section, make_postmortem

from evenfall.postmortems.models import Postmortem

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Caller:
    def __init__(self, role: str = "manager") -> None:
        self.user = make_user("Ana", role)
        self._headers = {"authorization": f"Bearer {make_token(self.user)}"}

    def get(self, path: str) -> Any:
        return Client().get(f"{API}{path}", headers=self._headers)

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return Client().generic(
            method,
            f"{API}{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self._headers,
        )


def test_the_whole_way_over_the_api() -> None:
    ana, ben = Caller(), make_user("Ben")
    incident = ended_incident()
    made = ana.send("POST", f"/incidents/{incident.id}/postmortem")
    assert made.status_code == 201
    one = f"/postmortems/{made.json()['id']}"
    assert ana.send("POST", f"/incidents/{incident.id}/postmortem").status_code == 409
    people = {"owner_id": ben.id, "reviewer_ids": [ana.user.id]}
    assert ana.send("PUT", f"{one}/people", people).json()["owner"]["name"] == "Ben"
    words = {"tags": ["dns"], "factors": ["Slow DNS"]}
    assert ana.send("PUT", f"{one}/words", words).json()["factors"] == ["Slow DNS"]
    for step in ("submit", "approve", "publish"):
        assert ana.send("POST", f"{one}/steps", {"step": step}).status_code == 200
    refused = ana.send("POST", f"{one}/steps", {"step": "reopen"})
    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "postmortems.step_not_possible",
    )
    assert ana.get("/postmortems?q=slow").json()["items"][0]["state"] == "published"
    assert ana.get(f"{one}/export.md").content.startswith(b"# Shop is slow")


def test_a_late_save_answers_with_a_conflict_and_nothing_is_lost() -> None:
    ana, section = Caller(), first_section(make_postmortem())
    path = f"/postmortems/{section.postmortem_id}/sections/{section.id}"
    assert ana.send("PUT", path, {"text": "one", "version": 1}).json()["version"] == 2
    late = ana.send("PUT", path, {"text": "two", "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "postmortems.section_changed")
    items = ana.get(f"/postmortems/{section.postmortem_id}/sections").json()["items"]
    assert items[0]["text"] == "one"


def test_actions_and_comments_over_the_api() -> None:
    ana, row = Caller(), make_postmortem()
    body = {"title": "Deploys wait", "owner_id": make_user("Ben").id, "level": "P1"}
    made = ana.send("POST", f"/postmortems/{row.id}/actions", body)
    assert made.status_code == 201
    one = f"/postmortem-actions/{made.json()['id']}"
    assert ana.send("PUT", one, {**body, "title": "Deploys stop"}).json()["title"] == "Deploys stop"
    moved = {"due_at": "2027-06-01T12:00:00Z", "reason": "The vendor"}
    assert ana.send("POST", f"{one}/date", moved).json()["extensions"] == 1
    for step in ({"step": "accept"}, {"step": "finish", "proof_url": "https://example.org/5"}):
        assert ana.send("POST", f"{one}/steps", step).status_code == 200
    assert ana.send("POST", f"{one}/steps", {"step": "verify"}).json()["state"] == "verified"
    assert ana.get(one).json()["settled_at"]
    assert ana.get("/postmortem-actions?whose=all").json()["items"][0]["owner"] == "Ben"
    assert ana.get("/postmortem-actions/report").json()["in_time"] == 1.0
    said = ana.send("POST", f"/postmortems/{row.id}/comments", {"text": "Thanks"})
    assert said.json()["items"][0]["author"] == "laptop (Ana)"
    assert len(ana.get(f"/postmortems/{row.id}/comments").json()["items"]) == 1


def test_an_observer_reads_only() -> None:
    row, caller = make_postmortem(), Caller("observer")
    assert caller.get(f"/postmortems/{row.id}").status_code == 200
    answer = caller.send("POST", f"/postmortems/{row.id}/steps", {"step": "submit"})
    assert answer.status_code == 403
    assert Postmortem.objects.get().state == "draft"
