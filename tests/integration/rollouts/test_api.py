"""Rollouts over the API, for each role."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.rollouts import PLAN, Switchboard, fresh, switchboard, work

from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now
from evenfall.rollouts.models import Rollout, Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with switchboard() as one:
        yield one


@pytest.fixture
def service() -> Service:
    return make_service("Checkout", slug="checkout", team=make_team("Shop"))


def call(user: User, method: str, path: str, **body: Any) -> Any:
    client = Client(headers={"Authorization": f"Bearer {make_token(user)}"})
    send = getattr(client, method)
    more = {"data": body, "content_type": "application/json"} if method != "get" else {}
    return send(f"/api/v1{path}", **more)


def place(user: User, **more: Any) -> dict[str, Any]:
    wish = {
        "service": "checkout",
        "traffic_kind": "switchboard",
        "traffic": {"line": "a", "token": "s3cret"},
        "plan": dict(PLAN),
        "blue_version": "1",
    }
    answer = call(user, "post", "/rollout-targets", **{**wish, **more})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_place_is_said_changed_and_removed(service: Service, board: Switchboard) -> None:
    manager = make_user("Mia", role="manager")
    made = place(manager)
    assert made["has_secrets"] == ["traffic_token"]
    assert "s3cret" not in str(made)
    assert made["service"]["slug"] == service.slug

    wish = {**made, "service": None, "version": made["version"], "blue_version": "1.1"}
    changed = call(manager, "put", f"/rollout-targets/{made['id']}", **wish)
    assert changed.json()["blue_version"] == "1.1"
    assert changed.json()["has_secrets"] == ["traffic_token"]
    again = call(manager, "put", f"/rollout-targets/{made['id']}", **wish)
    assert again.status_code == 409

    items = call(manager, "get", "/rollout-targets").json()["items"]
    assert [one["id"] for one in items] == [made["id"]]
    assert call(manager, "delete", f"/rollout-targets/{made['id']}").status_code == 204
    assert call(manager, "get", f"/rollout-targets/{made['id']}").status_code == 404
    assert not board.applied


@pytest.mark.usefixtures("board")
def test_what_makes_no_sense_is_named(service: Service) -> None:
    manager = make_user("Mia", role="manager")
    for more, field in (
        ({"traffic_kind": "magic"}, "traffic_kind"),
        ({"traffic": {"colour": "red"}}, "traffic"),
        ({"plan": {"steps": []}}, "plan"),
    ):
        wish = {"service": service.slug, "traffic_kind": "switchboard", "plan": dict(PLAN), **more}
        answer = call(manager, "post", "/rollout-targets", **wish)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.content
    place(manager)
    wish = {"service": service.slug, "traffic_kind": "switchboard", "plan": dict(PLAN)}
    assert call(manager, "post", "/rollout-targets", **wish).status_code == 409


@pytest.mark.usefixtures("service")
def test_a_rollout_is_started_led_and_taken_back(board: Switchboard) -> None:
    place(make_user("Mia", role="manager"))
    ana = make_user("Ana", role="responder")

    made = call(ana, "post", "/rollouts", service="checkout", version="2")
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert (made.json()["state"], made.json()["started_by"]) == ("deploying", "laptop (Ana)")
    work(utc_now())
    shown = call(ana, "get", f"/rollouts/{number}").json()
    assert (shown["state"], shown["weight"], shown["is_seen"]) == ("stepping", 20, True)
    assert shown["steps"][1]["state"] == "now"

    assert call(ana, "post", f"/rollouts/{number}/hold", reason="wait").json()["held"]
    assert call(ana, "post", f"/rollouts/{number}/resume").json()["held"] == ""
    assert call(ana, "post", f"/rollouts/{number}/promote").status_code == 200
    back = call(ana, "post", "/rollouts/rollback", service="checkout", reason="worse")
    assert back.json()["id"] == number
    assert call(ana, "post", f"/rollouts/{number}/promote").status_code == 409
    work(utc_now())
    assert fresh(number).state == "aborted"
    assert call(ana, "post", f"/rollouts/{number}/rollback").status_code == 409
    assert call(ana, "post", "/rollouts/rollback", service="checkout").status_code == 409

    failed = call(ana, "get", "/rollouts?show=live&service=checkout").json()
    assert failed == {"items": [], "next": None}
    assert len(call(ana, "get", "/rollouts").json()["items"]) == 1
    assert board.applied[-1].weight == 0


@pytest.mark.usefixtures("service", "board")
def test_who_only_looks_leads_nothing() -> None:
    made = place(make_user("Mia", role="manager"))
    observer, ana = make_user("Olaf", role="observer"), make_user("Ana", role="responder")
    assert call(observer, "post", "/rollouts", service="checkout", version="2").status_code == 403
    assert call(ana, "delete", f"/rollout-targets/{made['id']}").status_code == 403
    assert call(observer, "get", "/rollouts").status_code == 200
    assert not Rollout.objects.exists()
    assert Target.objects.get().removed_at is None


@pytest.mark.usefixtures("service", "board")
def test_the_watch_is_ended_by_who_says_so_and_the_way_back_says_what_it_takes() -> None:
    manager = make_user("Mia", role="manager")
    place(manager, plan={"strategy": "blue_green"})
    wish = {"service": "checkout", "version": "2"}
    first = call(manager, "post", "/rollouts", **wish).json()["id"]
    for seconds in (0, 2):
        work(utc_now() + timedelta(seconds=seconds))
    told = call(manager, "get", f"/rollouts/{first}/deploys").json()
    assert [(one["side"], one["state"]) for one in told["items"]] == [("green", "done")]
    way = told["way_back"]
    assert (way["version"], way["side"], way["deploys"]) == ("1", "blue", False)

    refused = call(manager, "post", "/rollouts", **{**wish, "version": "3"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rollouts.still_watched")
    more = {**wish, "version": "3", "ends_watch": True}
    second = call(manager, "post", "/rollouts", **more).json()
    work(utc_now() + timedelta(seconds=4))
    assert (fresh(first).state, fresh(second["id"]).stable_version) == ("proven", "2")
    assert second["beside"] == 0
