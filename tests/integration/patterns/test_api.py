"""The REST API: the same use cases as the pages."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, make_user
from tests.factories.patterns import make_pattern, seen

pytestmark = pytest.mark.django_db
API = "/api/v1"


class Caller:
    def __init__(self, role: str = "manager") -> None:
        self._headers = {"authorization": f"Bearer {make_token(make_user('Ana', role))}"}

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
    ana, service = Caller(), make_service()
    one, two = seen(service=service), seen(service=service)
    (similar,) = ana.get(f"/incidents/{two.id}/similar").json()["items"]
    assert (similar["incident_id"], similar["verdict"]) == (one.id, "open")
    assert sum(part["points"] for part in similar["parts"]) == pytest.approx(100)
    judged = ana.send(
        "POST", f"/incidents/{two.id}/similar", {"other_id": one.id, "verdict": "same"}
    )
    number = judged.json()["pattern_id"]
    address = f"/patterns/{number}"
    whole = ana.get(address).json()
    assert {member["incident_id"] for member in whole["members"]} == {one.id, two.id}
    changed = ana.send("PUT", address, {"title": "Cards", "team_id": service.team_id})
    assert changed.json()["title"] == "Cards"
    moved = ana.send("POST", f"{address}/steps", {"state": "being mended"})
    assert moved.json()["state"] == "being mended"
    third = seen("Another thing")
    added = ana.send("POST", f"{address}/incidents", {"incident_id": third.id})
    assert added.json()["count"] == 3
    assert ana.send("DELETE", f"{address}/incidents/{third.id}").status_code == 204
    (listed,) = ana.get("/patterns?q=cards&state=being+mended").json()["items"]
    assert listed["count"] == 2
    (top,) = ana.get("/patterns/top?quarter=2026-Q1").json()["items"]
    assert (top["incidents"], top["prod"]) == (2, 2)
    assert ana.get("/patterns/top?release=none").json()["items"] == []
    assert ana.send("POST", f"{address}/dismiss", {}).status_code == 204
    assert ana.get(address).status_code == 404


def test_a_rejected_pair_is_not_listed() -> None:
    ana = Caller()
    one, two = seen(), seen()
    body = {"other_id": one.id, "verdict": "different"}
    assert ana.send("POST", f"/incidents/{two.id}/similar", body).json() == {"pattern_id": None}
    assert ana.get(f"/incidents/{two.id}/similar").json()["items"] == []


def test_an_observer_reads_and_decides_nothing() -> None:
    olga, pattern = Caller("observer"), make_pattern()
    assert olga.get(f"/patterns/{pattern.id}").status_code == 200
    refused = olga.send("POST", f"/patterns/{pattern.id}/dismiss", {})
    assert refused.status_code == 403
