import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import NOW, make_team, make_token, make_user, signed_in
from tests.factories.oncall import make_override, make_rota

from evenfall.identity.models import User
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
OUT_OF_RANGE = "oncall.time_out_of_range"
LAYER: dict[str, Any] = {
    "name": "Main",
    "time_zone": "Europe/Berlin",
    "starts_on": "2026-03-02",
    "hands_over_at": "09:00",
}


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


def _new_rota(team_id: int, *people: User, **rest: object) -> dict[str, object]:
    members = [{"user_id": person.id} for person in people]
    layers = [{**LAYER, "members": members}]
    return {
        "team_id": team_id,
        "name": "Cards",
        "time_zone": "Europe/Berlin",
        "layers": layers,
        "lieutenant": {"kind": "next"},
        **rest,
    }


def test_rotas_are_created_read_changed_and_deleted() -> None:
    ada, ben = make_user("Ada", role="manager"), make_user("Ben")
    api, team = _Api(ada), make_team()
    status, made = api("POST", "/rotas", _new_rota(team.id, ada, ben))
    assert status == 201
    assert made["plan"]["layers"][0]["members"][1]["user_id"] == ben.id
    path = f"/rotas/{made['id']}"
    assert api("GET", path) == (200, made)
    status, page = api("GET", "/rotas")
    assert (status, [rota["name"] for rota in page["items"]], page["next"]) == (
        200,
        ["Cards"],
        None,
    )
    said = {"name": "Pay", "time_zone": "UTC", "coverage": [[540, 1020]]}
    status, changed = api("PUT", path, said)
    assert (status, changed["name"], changed["coverage"]) == (200, "Pay", [[540, 1020]])
    assert changed["plan"] == made["plan"]
    assert api("DELETE", path) == (204, None)
    status, problem = api("GET", path)
    assert (status, problem["code"]) == (404, "oncall.rota_not_found")


def test_a_plan_and_its_members_are_changed() -> None:
    ada, ben = make_user("Ada", role="manager"), make_user("Ben")
    api, rota_id = _Api(ada), make_rota(ada)
    own = {**LAYER, "name": "Seconds", "members": [{"user_id": ada.id}]}
    plan = {
        "layers": [{**LAYER, "shift_hours": [24], "members": [{"user_id": ben.id}]}],
        "lieutenant": {"kind": "own_sequence", "layers": [own]},
    }
    status, changed = api("PUT", f"/rotas/{rota_id}/plan", plan)
    assert (status, changed["plan"]["lieutenant_kind"]) == (200, "own_sequence")
    main = next(layer for layer in changed["plan"]["layers"] if layer["role"] == "primary")
    day = (utc_now() + timedelta(days=3)).date().isoformat()
    path = f"/rotas/{rota_id}/layers/{main['id']}/members"
    status, changed = api("PUT", path, {"user_ids": [ben.id, ada.id, None], "from_day": day})
    main = next(layer for layer in changed["plan"]["layers"] if layer["role"] == "primary")
    assert [(m["user_id"], m["joins_on"]) for m in main["members"]] == [
        (ben.id, None),
        (ada.id, day),
        (None, day),
    ]


def test_who_is_on_call_at_any_time() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    team = make_team()
    rota_id = make_rota(ada, ben, team=team)
    make_rota(ben, name="Other")
    api = _Api(ada)
    status, found = api("GET", f"/oncall?at=2026-03-03T10:00:00Z&team_id={team.id}")
    assert (status, [line["rota"]["id"] for line in found["items"]]) == (200, [rota_id])
    assert found["items"][0]["primary"]["name"] == "Ada"
    assert found["items"][0]["next_primary"]["name"] == "Ben"
    assert len(api("GET", "/oncall")[1]["items"]) == 2
    assert api("GET", "/oncall?at=2026-03-03T10:00:00")[0] == 422


def test_a_schedule_has_spans_and_gaps() -> None:
    ada = make_user("Ada")
    rota_id, api = make_rota(ada, None), _Api(ada)
    path = f"/rotas/{rota_id}/schedule?from=2026-03-03T00:00:00Z&until="
    status, found = api("GET", f"{path}2026-03-10T00:00:00Z")
    assert status == 200
    assert [(span["user_id"], span["ends_at"]) for span in found["spans"]] == [
        (ada.id, "2026-03-09T08:00:00Z")
    ]
    assert [gap["starts_at"] for gap in found["gaps"]] == ["2026-03-09T08:00:00Z"]
    assert api("GET", f"{path}2029-03-10T00:00:00Z")[1]["code"] == "oncall.stretch_too_long"


def test_overrides_are_added_listed_and_cancelled() -> None:
    ada, ben = make_user("Ada", role="manager"), make_user("Ben", role="responder")
    rota_id, now = make_rota(ada), utc_now() + timedelta(hours=1)
    path = f"/rotas/{rota_id}/overrides"
    stretch = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    status, added = _Api(ben)("POST", path, {"user_id": ben.id, "note": "dentist", **stretch})
    assert (status, added["note"], added["kind"]) == (201, "dentist", "replace")
    assert _Api(ben)("POST", path, {"user_id": ada.id, **stretch})[0] == 403
    assert _Api(ada)("POST", path, {"kind": "remove", **stretch})[0] == 201
    listed = _Api(ben)("GET", path)[1]["items"]
    assert {(one["kind"], one["has_effect"]) for one in listed} == {
        ("replace", False),  # under the removal
        ("remove", True),
    }
    removal = next(one["id"] for one in listed if one["kind"] == "remove")
    assert _Api(ben)("DELETE", f"{path}/{removal}")[0] == 403
    assert _Api(ben)("DELETE", f"{path}/{added['id']}") == (204, None)
    assert _Api(ben)("DELETE", f"{path}/{added['id']}")[1]["code"] == "oncall.override_cancelled"


def test_an_override_that_changes_nothing_is_refused_with_the_reason() -> None:
    ada = make_user("Ada", role="manager")
    rota_id, now = make_rota(ada), utc_now()
    stretch = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    body = {"user_id": ada.id, **stretch}
    status, problem = _Api(ada)("POST", f"/rotas/{rota_id}/overrides", body)
    assert (status, problem["code"]) == (409, "oncall.override_without_effect")
    assert "Ada is on call then already" in problem["detail"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"time_zone": "Mars/Olympus"}, "oncall.zone_unknown"),
        ({"layers": []}, "oncall.layer_missing"),
        ({"layers": [{**LAYER, "members": []}]}, "oncall.members_missing"),
        ({"layers": [{**LAYER, "members": [{"user_id": 99_999_999}]}]}, "oncall.member_unknown"),
        ({"coverage": [[0, 99_999]]}, "oncall.window_out_of_week"),
        ({"coverage": [[0]]}, "invalid"),
        ({"name": "x" * 500}, "oncall.name_missing"),
        ({"name": " "}, "oncall.name_missing"),
        ({"name": "\0"}, "text_not_storable"),
        ({"team_id": 2**70}, "number_too_large"),
        ({"holds_from": "2027-01-04T08:00:00+19:32"}, "offset_too_large"),
        ({"layers": [{**LAYER, "starts_on": "9999-12-31", "members": []}]}, OUT_OF_RANGE),
        ({"layers": [{**LAYER, "shift_hours": [10**9], "members": []}]}, "oncall.shift_length"),
    ],
)
def test_a_wrong_rota_is_refused_with_its_code(change: dict[str, object], code: str) -> None:
    ada = make_user("Ada", role="manager")
    status, problem = _Api(ada)("POST", "/rotas", {**_new_rota(make_team().id, ada), **change})
    assert (status, problem["code"]) == (422, code)


@pytest.mark.parametrize(
    "path",
    [
        "/oncall?at=9999-12-31T23:59:59Z",
        "/oncall?at=0001-01-01T00:00:00Z",
        "/rotas/1/schedule?from=9999-12-30T00:00:00Z&until=9999-12-31T00:00:00Z",
    ],
)
def test_times_out_of_range_are_refused(path: str) -> None:
    status, problem = _Api(make_user("Ada"))("GET", path)
    assert (status, problem["code"]) == (422, OUT_OF_RANGE)


def test_numbers_beyond_the_database_name_nothing() -> None:
    api = _Api(make_user("Ada", role="manager"))
    stretch = "from=2026-03-03T00:00:00Z&until=2026-03-04T00:00:00Z"
    for path in ("", f"/schedule?{stretch}", "/overrides"):
        assert api("GET", f"/rotas/{2**70}{path}")[0] == 404
    assert api("GET", f"/oncall?team_id={2**70}")[0] == 200


def test_writes_need_the_team() -> None:
    stranger, ada = make_user("Sam", role="observer"), make_user("Ada")
    make_team("Others", leads=[stranger])
    rota_id, api = make_rota(ada), _Api(stranger)
    override_id = make_override(rota_id, make_user("Ben"), starts_at=NOW, hours=3)
    stretch = {"starts_at": "2030-01-01T00:00:00Z", "ends_at": "2030-01-01T02:00:00Z"}
    writes: list[tuple[str, str, object]] = [
        ("POST", "/rotas", _new_rota(queries.rota(rota_id).team_id, ada)),
        ("PUT", f"/rotas/{rota_id}", {"name": "x", "time_zone": "UTC"}),
        ("PUT", f"/rotas/{rota_id}/plan", {"layers": []}),
        ("PUT", f"/rotas/{rota_id}/layers/1/members", {"user_ids": [], "from_day": "2030-01-01"}),
        ("DELETE", f"/rotas/{rota_id}", None),
        ("POST", f"/rotas/{rota_id}/overrides", {"user_id": stranger.id, **stretch}),
        ("DELETE", f"/rotas/{rota_id}/overrides/{override_id}", None),
    ]
    for write in writes:
        assert api(*write)[0] == 403


def test_a_rota_starts_from_a_template_over_the_api() -> None:
    lead = make_user("Lea", role="manager")
    people = [make_user(f"P{number}") for number in range(8)]
    team, client = make_team(members=[lead, *people]), signed_in(lead)
    offered = client.get("/api/v1/rota-templates").json()["items"]
    assert [one["key"] for one in offered] == [
        "weekly",
        "follow_the_sun",
        "business_hours",
        "weekend",
    ]
    body = {
        "template": "weekly",
        "team_id": team.id,
        "name": "Eight",
        "time_zones": ["Europe/Berlin"],
        "user_ids": [person.id for person in people],
        "starts_on": "2026-03-04",
    }
    made = client.post("/api/v1/rotas/from-template", body, content_type="application/json")
    assert made.status_code == 201
    plan = made.json()["plan"]
    assert plan["layers"][0]["starts_on"] == "2026-03-02"
    assert len(plan["layers"][0]["members"]) == 8
    assert plan["lieutenant_spares_previous"]
    wrong = {**body, "name": "Other", "time_zones": ["Mars/Base"]}
    refused = client.post("/api/v1/rotas/from-template", wrong, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "oncall.zone_unknown")


def test_night_watches_are_told_over_the_api() -> None:
    ada = make_user("Ada", time_zone="Europe/Berlin")
    kim = make_user("Kim", time_zone="Asia/Singapore")
    rota_id = make_rota(ada, kim)
    url = f"/api/v1/rotas/{rota_id}/night-watches?from=2026-03-05T12:00Z&until=2026-03-06T12:00Z"
    (watch,) = signed_in(ada).get(url).json()["items"]
    assert (watch["name"], watch["in_daylight"]) == ("Ada", ["Kim"])


def test_a_plan_with_shadows_is_read_back_and_they_are_none_to_page() -> None:
    lead = make_user("Lea", role="manager")
    ada, newcomer = make_user("Ada"), make_user("New")
    team = make_team(members=[lead, ada, newcomer])
    rota_id, client = make_rota(ada, team=team), signed_in(lead)
    layer = {"time_zone": "Europe/Berlin", "starts_on": "2026-03-02", "hands_over_at": "09:00"}
    body = {
        "layers": [{**layer, "members": [{"user_id": ada.id}]}],
        "shadows": [{**layer, "name": "Newcomer", "members": [{"user_id": newcomer.id}]}],
        "holds_from": "2026-03-09T08:00:00Z",
    }
    changed = client.put(f"/api/v1/rotas/{rota_id}/plan", body, content_type="application/json")
    assert [one["role"] for one in changed.json()["plan"]["layers"]] == ["primary", "shadow"]
    (shown,) = client.get(f"/api/v1/oncall?team_id={team.id}").json()["items"]
    assert shown["shadow"]["name"] == "New"
    found = queries.on_call_at([rota_id], at=utc_now())[rota_id]
    paged = {duty.user_id for duty in (found.primary, found.lieutenant, found.next_primary) if duty}
    assert paged == {ada.id}
