"""Requests and previews over the API."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.oncall import main_layer, make_rota

from evenfall.identity.models import User
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
REQUESTS = "/oncall-requests"


class _Api:
    """Asks as one person, with a token."""

    def __init__(self, user: User) -> None:
        self._headers = {"Authorization": f"Bearer {make_token(user)}"}

    def __call__(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self._headers,
        )
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def people() -> dict[str, User]:
    return {name: make_user(name) for name in ("Ada", "Ben", "Cat")}


@pytest.fixture
def monday() -> datetime:
    now = utc_now()
    return (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def rota_id(people: dict[str, User], monday: datetime) -> int:
    """Ada has the running week, then Ben, then Cat."""
    team = make_team(members=list(people.values()))
    layer = main_layer(*people.values(), starts_at=f"{monday.date()} 00:00", zone="UTC")
    return make_rota(layers=[layer], team=team, now=monday)


def _wish(rota_id: int, at: datetime, **rest: object) -> dict[str, object]:
    return {"rota_id": rota_id, "shift_at": at.isoformat(), **rest}


def test_a_request_is_made_answered_and_undone(
    rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    ben, cat = _Api(people["Ben"]), _Api(people["Cat"])
    wish = _wish(rota_id, monday + WEEK, way="everybody", note="wedding")
    status, made = ben("POST", REQUESTS, wish)
    assert (status, made["state"], made["asker"], made["note"]) == (
        201,
        "offered",
        "Ben",
        "wedding",
    )
    assert {offer["name"] for offer in made["offers"]} == {"Ada", "Cat"}
    path = f"{REQUESTS}/{made['id']}"
    assert ben("GET", path) == (200, made)
    assert ben("GET", f"{REQUESTS}?state=live")[1]["items"] == [made]
    status, agreed = cat("POST", f"{path}/accept", {})
    assert (status, agreed["state"], agreed["taker"]) == (200, "accepted", "Cat")
    assert ben("GET", f"{REQUESTS}?state=live")[1]["items"] == []
    assert ben("GET", REQUESTS)[1] == {"items": [agreed], "next": None}
    assert ben("POST", f"{path}/undo")[1]["state"] == "accepted"
    assert cat("POST", f"{path}/undo")[1]["state"] == "undone"


def test_a_swap_names_the_shift_in_return(
    rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    ben, cat = _Api(people["Ben"]), people["Cat"]
    back = {"back_at": (monday + 2 * WEEK).isoformat()}
    status, problem = ben("POST", REQUESTS, _wish(rota_id, monday + WEEK, **back))
    assert (status, problem["code"]) == (422, "oncall.person_to_ask")
    wish = _wish(rota_id, monday + WEEK, person_id=cat.id, **back)
    status, made = ben("POST", REQUESTS, wish)
    assert (status, made["kind"], made["way"]) == (201, "swap", "person")
    assert (
        _Api(cat)("POST", f"{REQUESTS}/{made['id']}/decline", {"note": "no"})[1]["state"]
        == "declined"
    )


def test_others_requests_are_for_managers(
    rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    ben, manager = people["Ben"], _Api(make_user("Max", role="manager"))
    wish = _wish(rota_id, monday + WEEK, asker_id=ben.id)
    assert _Api(people["Cat"])("POST", REQUESTS, wish)[0] == 403
    status, made = manager("POST", REQUESTS, wish)
    assert status == 201
    path = f"{REQUESTS}/{made['id']}"
    asked = made["offers"][0]["user_id"]
    assert _Api(ben)("POST", f"{path}/accept", {"user_id": asked})[0] == 403
    assert _Api(people["Cat"])("POST", f"{path}/withdraw")[0] == 403
    assert manager("POST", f"{path}/accept", {"user_id": asked})[1]["taker_id"] == asked
    assert _Api(make_user("Dan"))("POST", f"{path}/undo")[0] == 403
    assert manager("POST", f"{path}/undo")[1]["state"] == "undone"


def test_problems_say_what_to_do(rota_id: int, people: dict[str, User], monday: datetime) -> None:
    cat = _Api(people["Cat"])
    status, problem = cat("POST", REQUESTS, _wish(rota_id, monday + WEEK))
    assert (status, problem["code"]) == (409, "oncall.no_shift_then")
    assert "Cat is not on call by this rota at that time" in problem["detail"]
    assert cat("GET", f"{REQUESTS}/987654")[1]["code"] == "oncall.request_not_found"


def test_a_preview_of_overrides_saves_nothing(
    rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    starts, ends = monday + WEEK, monday + WEEK + timedelta(hours=4)
    stretch = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
    body = {**stretch, "overrides": [{"user_id": people["Cat"].id, **stretch}]}
    status, found = _Api(people["Ada"])("POST", f"/rotas/{rota_id}/preview", body)
    assert status == 200
    assert [(one["before"], one["after"], one["role"]) for one in found["changes"]] == [
        ("Ben", "Cat", "primary")
    ]
    assert queries.coming_overrides(rota_id, now=utc_now()) == []


def test_a_preview_of_a_plan_shows_who_would_have_what(
    rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    layer = {
        "time_zone": "UTC",
        "starts_on": (monday + WEEK).date().isoformat(),
        "hands_over_at": "00:00",
        "members": [{"user_id": people["Cat"].id}],
    }
    stretch = {"starts_at": (monday + WEEK).isoformat(), "ends_at": (monday + 3 * WEEK).isoformat()}
    status, found = _Api(people["Ada"])(
        "POST", f"/rotas/{rota_id}/preview", {**stretch, "plan": {"layers": [layer]}}
    )
    assert status == 200
    assert [(one["before"], one["after"]) for one in found["changes"]] == [("Ben", "Cat")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, "oncall.stretch_too_long"),
        ({"overrides": [{"starts_at": "", "ends_at": ""}]}, "invalid"),
        ({"plan": {"layers": []}}, "oncall.layer_missing"),
    ],
)
def test_a_preview_of_nonsense_is_refused(
    change: dict[str, object], code: str, rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    stretch = {"starts_at": monday.isoformat(), "ends_at": (monday + WEEK).isoformat()}
    path = f"/rotas/{rota_id}/preview"
    status, problem = _Api(people["Ada"])("POST", path, {**stretch, **change})
    assert (status, problem["code"]) == (422, code)


@pytest.mark.parametrize(
    ("override", "code"),
    [({"user_id": 1, "turned": True}, "oncall.override_empty"), ({}, "oncall.override_person")],
)
def test_a_preview_refuses_overrides_that_cannot_be(
    override: dict[str, Any], code: str, rota_id: int, people: dict[str, User], monday: datetime
) -> None:
    edges = [monday.isoformat(), (monday + WEEK).isoformat()]
    turned = edges[::-1] if override.pop("turned", False) else edges
    one = {"starts_at": turned[0], "ends_at": turned[1], **override}
    body = {"starts_at": edges[0], "ends_at": edges[1], "overrides": [one]}
    status, problem = _Api(people["Ada"])("POST", f"/rotas/{rota_id}/preview", body)
    assert (status, problem["code"]) == (422, code)
