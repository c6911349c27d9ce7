"""Steps and runs over the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.factories.identity import make_user, signed_in
from tests.factories.runbooks import make_runbook
from tests.factories.steps import Lever, lever, work

from evenfall.platform.clock import utc_now
from evenfall.runbooks.models import Runbook

pytestmark = pytest.mark.django_db
STEP: dict[str, Any] = {
    "name": "restart",
    "title": "Restart",
    "kind": "lever",
    "settings": {"host": "{{host}}", "token": "hunter2hunter2"},
    "approval": "always",
}


@pytest.fixture(autouse=True)
def kind() -> Iterator[Lever]:
    with lever() as one:
        yield one


@pytest.fixture
def runbook() -> Runbook:
    return make_runbook()


class Caller:
    """Speaks JSON as one person."""

    def __init__(self, name: str, role: str) -> None:
        self.client: Client = signed_in(make_user(name, role))

    def __call__(self, method: str, path: str, body: object = None) -> HttpResponse:
        answer: Any = self.client.generic(
            method, f"/api/v1{path}", _json(body), content_type="application/json"
        )
        found: HttpResponse = answer
        return found


def _json(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def read(answer: HttpResponse) -> Any:
    found: Any = answer.json()  # type: ignore[attr-defined] # the test client's answer
    return found


def test_a_step_is_written_run_approved_and_undone(runbook: Runbook, kind: Lever) -> None:
    mia, rio = Caller("Mia", "manager"), Caller("Rio", "responder")
    at = f"/runbooks/{runbook.slug}"
    assert "lever" in {one["name"] for one in read(rio("GET", "/step-kinds"))["items"]}
    assert mia("PUT", f"{at}/parameters/host", {"type": "word"}).status_code == 200
    added = mia("POST", f"{at}/steps", STEP)
    assert added.status_code == 201
    assert read(added)["secret_names"] == ["token"]
    assert "hunter2" not in added.content.decode()
    started = rio("POST", f"{at}/runs", {"parameters": {"host": "web7"}})
    assert started.status_code == 201
    run = read(started)["id"]
    work(utc_now())
    assert read(rio("GET", f"/runs/{run}"))["state"] == "waiting"
    assert [one["id"] for one in read(mia("GET", "/runs?show=waiting"))["items"]] == [run]
    refused = rio("POST", f"/runs/{run}/approve", {})
    assert (refused.status_code, read(refused)["code"]) == (403, "runbooks.own_approval")
    assert mia("POST", f"/runs/{run}/approve", {}).status_code == 200
    work(utc_now())
    shown = read(rio("GET", f"/runs/{run}"))
    assert (shown["state"], shown["steps"][0]["target"]) == ("ok", "lever:web7")
    assert shown["runbook"] == runbook.slug
    assert rio("POST", f"/runs/{run}/undo", {"why": "No better."}).status_code == 200
    work(utc_now())
    assert read(rio("GET", f"/runs/{run}"))["state"] == "undone"
    assert kind.calls == ["run:web7", "undo:web7"]


def test_steps_and_parameters_are_changed_listed_and_removed(runbook: Runbook) -> None:
    mia, at = Caller("Mia", "manager"), f"/runbooks/{runbook.slug}"
    number = {"type": "number", "lowest": 1, "highest": 9, "default": "3"}
    mia("PUT", f"{at}/parameters/host", {"label": "Host"})
    mia("PUT", f"{at}/parameters/count", number)
    assert mia("PUT", f"{at}/parameters/bad", {"type": "regex"}).status_code == 422
    assert [one["name"] for one in read(mia("GET", f"{at}/parameters"))["items"]] == [
        "host",
        "count",
    ]
    mia("POST", f"{at}/steps", STEP)
    changed = {**STEP, "title": "Again", "settings": {"host": "{{host}}"}}
    assert read(mia("PUT", f"{at}/steps/restart", changed))["secret_names"] == ["token"]
    wrong = mia("PUT", f"{at}/steps/restart", {**changed, "settings": {"hots": "x"}})
    assert (wrong.status_code, read(wrong)["field"]) == (422, "hots")
    assert mia("DELETE", f"{at}/parameters/host").status_code == 422
    assert mia("DELETE", f"{at}/steps/restart").status_code == 204
    assert mia("DELETE", f"{at}/steps/restart").status_code == 404
    assert mia("DELETE", f"{at}/parameters/host").status_code == 204
    assert read(mia("GET", f"{at}/steps"))["items"] == []


def test_a_trial_and_the_switch(runbook: Runbook, kind: Lever) -> None:
    mia, rio = Caller("Mia", "manager"), Caller("Rio", "responder")
    at = f"/runbooks/{runbook.slug}"
    mia("POST", f"{at}/steps", {**STEP, "settings": {"host": "web1"}, "approval": "never"})
    assert read(rio("POST", "/runs/stop", {"why": "Wild."}))["is_stopped"] is True
    stopped = rio("POST", f"{at}/runs", {})
    assert (stopped.status_code, read(stopped)["code"]) == (409, "runbooks.steps_stopped")
    assert rio("POST", f"{at}/runs", {"dry_run": True, "steps": ["restart"]}).status_code == 201
    assert rio("POST", f"{at}/runs", {"steps": ["none"]}).status_code == 404
    work(utc_now())
    assert kind.calls == ["dry:web1"]
    assert rio("POST", "/runs/allow", {}).status_code == 403
    assert read(mia("POST", "/runs/allow", {}))["is_stopped"] is False
    assert read(rio("GET", "/runs/switch"))["is_stopped"] is False
    run = read(rio("POST", f"{at}/runs", {}))["id"]
    assert rio("POST", f"/runs/{run}/stop", {"why": "No."}).status_code == 200
    work(utc_now())
    assert read(rio("GET", f"/runs/{run}"))["state"] == "stopped"
    assert rio("POST", f"/runs/{run}/stop", {}).status_code == 409
    unknown = rio("POST", f"{at}/runs", {"subject": "incident:999999"})
    assert unknown.status_code == 422
