"""Releases over the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.paging import make_paged_team
from tests.factories.releases import make_stages

from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now
from evenfall.releases.logic.rules import ALWAYS, Expected, Rules

pytestmark = pytest.mark.django_db

type Call = Callable[..., Any]


def caller(client: Client, user: User) -> Call:
    """`call("post", "/releases", {...})` as this person."""
    headers = {"Authorization": f"Bearer {make_token(user, now=utc_now())}"}

    def call(method: str, path: str, body: object = None) -> Any:
        act = getattr(client, method)
        if method == "get":
            return act(f"/api/v1{path}", body or {}, headers=headers)
        return act(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return call


def owned(rules: Rules) -> tuple[Service, User, User]:
    """A service, a responder of its team and whoever leads it."""
    ada, dan = make_user("Ada", "observer"), make_user("Dan", "observer")
    service = make_service("Shop", slug="shop", team=make_team(members=(ada,), leads=(dan,)))
    make_stages(service, "DEV", ("PROD", rules))
    return service, ada, dan


QUALITY = Rules(gates=ALWAYS | {"quality"}, quality=(Expected(name="unit"),))
ASKED = {"service": "shop", "version": "1.0", "environment": "PROD"}


def test_the_check_answers_by_its_status(client: Client) -> None:
    _, ada, _ = owned(QUALITY)
    call = caller(client, ada)
    assert call("get", "/gate", ASKED).status_code == 404
    made = call("post", "/gate", ASKED)
    assert (made.status_code, made.json()["verdict"]) == (200, "unknown")
    assert call("get", "/gate", ASKED).status_code == 425
    bad = {"service": "shop", "version": "1.0", "name": "unit", "is_good": False}
    assert call("post", "/quality", bad).status_code == 201
    refused = call("get", "/gate", ASKED)
    assert refused.status_code == 409
    [gate] = [one for one in refused.json()["gates"] if one["name"] == "quality"]
    assert gate["why"] == "unit failed."
    assert gate["change"] == "Push a good result of unit."
    assert call("post", "/quality", {**bad, "is_good": True}).status_code == 201
    assert call("get", "/gate", ASKED).status_code == 200


def test_a_release_is_read_changed_and_taken_up_again(client: Client) -> None:
    _, ada, _ = owned(QUALITY)
    call = caller(client, ada)
    body = {"service": "shop", "version": "1.0", "kind": "fix", "rollback_plan": "Undo"}
    made = call("post", "/releases", body).json()
    assert [one["stage"] for one in made["passages"]] == ["DEV", "PROD"]
    assert call("post", "/releases", body).status_code == 409
    change = {"kind": "fix", "notes": "Mended", "revision": made["revision"]}
    assert call("put", f"/releases/{made['id']}", change).json()["notes"] == "Mended"
    assert call("put", f"/releases/{made['id']}", change).status_code == 409
    assert call("get", "/releases", {"service": "shop"}).json()["items"][0]["version"] == "1.0"
    passage = made["passages"][0]["id"]
    assert call("post", f"/passages/{passage}/cancel", {}).json()["state"] == "cancelled"
    again = call("post", f"/releases/{made['id']}/passages", {"stage": "DEV"})
    assert again.json()["attempt"] == 2
    for phase in ("started", "finished"):
        told = {**ASKED, "environment": "DEV", "phase": phase}
        assert call("post", "/deployed", told).status_code == 200
    assert call("get", "/running").json()["items"][0]["version"] == "1.0"


def test_sign_off_exception_and_checklist_over_the_api(client: Client) -> None:
    paged = make_paged_team()
    make_stages(paged.service, ("PROD", Rules(gates=ALWAYS | {"approvals"})))
    ada, ben, dan = (caller(client, who) for who in (paged.ada, paged.ben, paged.dan))
    slug = paged.service.slug
    made = ada("post", "/releases", {"service": slug, "version": "1"}).json()
    path = f"/passages/{made['passages'][0]['id']}"
    assert ada("put", f"{path}/sign-off", {"is_yes": True}).status_code == 409
    no = ben("put", f"{path}/sign-off", {"is_yes": False, "comment": "Not yet"}).json()
    assert no["is_final"]
    assert ben("delete", f"{path}/sign-off").json()["verdict"] == "fail"
    later = utc_now() + timedelta(hours=1)
    wish = {
        "kind": "business",
        "gates": ["approvals"],
        "reason": "Sale",
        "expires_at": later.isoformat(),
        "review_on": later.date().isoformat(),
    }
    asked = ada("post", f"{path}/exceptions", wish).json()
    decide = f"/release-exceptions/{asked['id']}/decide"
    assert ada("post", decide, {"is_signed": True}).status_code == 403
    assert dan("post", decide, {"is_signed": True}).json()["decided_by"] == "Dan"
    assert ada("get", f"{path}/gates").json()["verdict"] == "pass"
    assert ada("get", "/release-exceptions").json()["items"][0]["is_signed"]
    reviewed = dan("post", f"/release-exceptions/{asked['id']}/review", {"review": "Fine"})
    assert reviewed.json()["reviewed_by"] == "Dan"
    assert ada("put", f"{path}/checklist/none", {}).status_code == 404


def test_a_window_is_added_changed_and_removed_by_who_leads(client: Client) -> None:
    service, ada, dan = owned(QUALITY)
    lead, member = caller(client, dan), caller(client, ada)
    reach: dict[str, Any] = {"service_id": service.pk}
    window = {
        **reach,
        "name": "Day",
        "environments": ["PROD"],
        "time_zone": "Europe/Berlin",
        "hours": [{"day": 0, "starts": 540, "ends": 1020}],
        "country": "DE",
    }
    assert member("post", "/deploy-windows", window).status_code == 403
    assert lead("post", "/deploy-windows", {**window, "service_id": None}).status_code == 403
    made = lead("post", "/deploy-windows", window).json()
    assert made["next_open"]
    changed = {**window, "name": "Mon", "revision": made["revision"]}
    assert lead("put", f"/deploy-windows/{made['id']}", changed).json()["name"] == "Mon"
    assert lead("put", f"/deploy-windows/{made['id']}", changed).status_code == 409
    wrongs: list[dict[str, Any]] = [
        {"time_zone": "Mars"},
        {"country": "XX"},
        {"environments": []},
        {"hours": []},
    ]
    for wrong in wrongs:
        assert lead("post", "/deploy-windows", {**window, **wrong}).status_code == 422
    assert len(member("get", "/deploy-windows").json()["items"]) == 1
    assert lead("delete", f"/deploy-windows/{made['id']}").status_code == 204


def test_freezes_and_stops_hold_and_are_lifted(client: Client) -> None:
    service, ada, dan = owned(QUALITY)
    lead, member = caller(client, dan), caller(client, ada)
    reach: dict[str, Any] = {"service_id": service.pk}
    now = utc_now()
    freeze = {
        **reach,
        "environments": ["PROD"],
        "reason": "Sale",
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
        "exempt": ["security"],
    }
    frozen = lead("post", "/freezes", freeze).json()
    assert member("get", "/freezes").json()["items"][0]["reason"] == "Sale"
    assert lead("post", f"/freezes/{frozen['id']}/lift", {"reason": "Over"}).status_code == 200
    assert lead("post", f"/freezes/{frozen['id']}/lift", {"reason": "Over"}).status_code == 409
    stop = member("post", "/stops", {**reach, "reason": "Fire"}).json()
    assert stop["scope"]["name"] == "Shop"
    assert member("post", "/stops", {"reason": "Fire"}).status_code == 403
    assert member("get", "/stops").json()["items"]
    assert member("post", f"/stops/{stop['id']}/lift", {"reason": "Out"}).status_code == 200


def test_ways_and_standard_changes_are_of_who_leads(client: Client) -> None:
    service, ada, dan = owned(QUALITY)
    lead, member = caller(client, dan), caller(client, ada)
    way = member("get", "/services/shop/stages").json()
    assert way["is_own"]
    saved = {"stages": way["stages"][1:], "revision": way["revision"]}
    assert lead("put", "/services/shop/stages", saved).json()["stages"][0]["name"] == "PROD"
    assert lead("put", "/release-stages", {"stages": []}).status_code == 403
    assert not member("get", "/release-stages").json()["is_own"]
    standard = {
        "service_id": service.pk,
        "name": "Texts",
        "environments": ["PROD"],
        "kinds": ["feature"],
        "expires_at": (utc_now() + timedelta(days=1)).isoformat(),
    }
    asked = lead("post", "/standard-changes", standard).json()
    assert lead("post", f"/standard-changes/{asked['id']}/approve").status_code == 409
    assert member("get", "/standard-changes").json()["items"][0]["name"] == "Texts"
    assert lead("delete", f"/standard-changes/{asked['id']}").status_code == 204


def test_a_train_is_made_read_and_changed(client: Client) -> None:
    _, ada, _ = owned(QUALITY)
    call = caller(client, ada)
    ids = [
        call("post", "/releases", {"service": "shop", "version": version}).json()["id"]
        for version in ("1", "2")
    ]
    train = call("post", "/release-trains", {"name": "May", "release_ids": ids}).json()
    assert train["waves"] == [ids]
    body = {"name": "June", "release_ids": ids[:1]}
    assert call("put", f"/release-trains/{train['id']}", body).json()["waves"] == [ids[:1]]
    assert call("get", f"/release-trains/{train['id']}").json()["name"] == "June"
    assert call("post", "/release-trains", {"name": "X", "release_ids": []}).status_code == 422
    (listed,) = call("get", "/release-trains").json()["items"]
    assert listed["on_board"][0]["fate"] == "held"


def test_what_stayed_goes_with_the_next_train_over_the_api(client: Client) -> None:
    _, ada, _ = owned(QUALITY)
    call = caller(client, ada)
    numbers = [
        call("post", "/releases", {"service": "shop", "version": version}).json()["id"]
        for version in ("1", "2")
    ]
    first, second = (
        call("post", "/release-trains", {"name": name, "release_ids": [one]} | at).json()["id"]
        for name, one, at in (
            ("May", numbers[0], {"departs_at": "2026-01-05T10:00:00Z"}),
            ("June", numbers[1], {}),
        )
    )
    body = {"train_id": second, "release_ids": [*numbers, 999]}
    after = call("post", f"/release-trains/{first}/next", body).json()
    assert {one["release_id"] for one in after["on_board"]} == set(numbers)
    (missed,) = call("get", f"/release-trains/{first}").json()["left_behind"]
    assert (missed["release_id"], missed["next_id"]) == (numbers[0], second)
    assert missed["why"]
    assert call("post", "/release-trains/999/next", body).status_code == 404
