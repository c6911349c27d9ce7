import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.oncall import make_rota

from evenfall.identity.models import User
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


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


def _times(**rest: object) -> dict[str, Any]:
    start = utc_now() + timedelta(days=1)
    return {
        "kind": "holiday",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(days=2)).isoformat(),
        **rest,
    }


def test_an_absence_lives_and_ends() -> None:
    api = _Api(make_user("Ada", role="observer"))
    status, made = api("POST", "/absences", _times(note="beach"))
    assert (status, made["kind"], made["note"]) == (201, "holiday", "beach")
    status, changed = api("PUT", f"/absences/{made['id']}", _times(kind="training"))
    assert (status, changed["kind"]) == (200, "training")
    assert [one["id"] for one in api("GET", "/absences")[1]["items"]] == [made["id"]]
    assert api("DELETE", f"/absences/{made['id']}")[0] == 204
    assert api("GET", "/absences")[1]["items"] == []
    status, problem = api("DELETE", f"/absences/{made['id']}")
    assert (status, problem["code"]) == (409, "oncall.absence_over")


def test_a_stretch_of_absences_is_asked_for() -> None:
    ada = make_user("Ada", role="observer")
    api, now = _Api(ada), utc_now()
    _, soon = api("POST", "/absences", _times())
    times = {"starts_at": now + timedelta(days=9), "ends_at": now + timedelta(days=12)}
    later = api("POST", "/absences", _times(**{k: v.isoformat() for k, v in times.items()}))[1]

    def asked(**days: int) -> list[int]:
        stretch = {name: (now + timedelta(days=day)).isoformat() for name, day in days.items()}
        return [one["id"] for one in api("GET", f"/absences?{urlencode(stretch)}")[1]["items"]]

    assert asked() == [soon["id"], later["id"]]
    assert asked(until=5) == [soon["id"]]
    assert asked(**{"from": 5}) == [later["id"]]
    assert asked(**{"from": 2, "until": 10}) == [soon["id"], later["id"]]
    assert asked(**{"from": 4, "until": 8}) == []


@pytest.mark.parametrize(
    "stretch",
    [
        {"from": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"},
        {"from": "2026-03-02T00:00:00"},
        {"until": "soon"},
    ],
)
def test_a_stretch_that_makes_no_sense_is_refused(stretch: dict[str, str]) -> None:
    assert _Api(make_user("Ada"))("GET", f"/absences?{urlencode(stretch)}")[0] == 422


def test_others_see_that_somebody_is_away_and_not_why() -> None:
    ada, ben = make_user("Ada", role="observer"), make_user("Ben", role="observer")
    make_team(members=[ada, ben])
    _, made = _Api(ada)("POST", "/absences", _times(kind="sick", note="flu"))
    (seen,) = _Api(ben)("GET", "/absences")[1]["items"]
    assert (seen["id"], seen["kind"], seen["note"]) == (made["id"], None, "")
    assert _Api(ben)("DELETE", f"/absences/{made['id']}")[0] == 403
    assert _Api(ben)("POST", "/absences", _times(user_id=ada.id))[0] == 403


def test_ill_in_one_request() -> None:
    api = _Api(make_user("Ada", role="observer"))
    status, made = api("POST", "/absences/ill")
    assert (status, made["kind"]) == (201, "sick")
    assert api("POST", "/absences/ill")[1]["id"] == made["id"]


def test_wrong_times_are_a_problem_with_a_field() -> None:
    api = _Api(make_user("Ada", role="observer"))
    status, problem = api("POST", "/absences", _times(ends_at="2026-01-01T00:00:00Z"))
    assert (status, problem["code"]) == (422, "oncall.absence_empty")
    assert api("PUT", "/absences/999999", _times())[0] == 404


def test_absence_feeds_are_listed_without_their_address() -> None:
    ada = make_user("Ada", role="observer")
    team = make_team(members=[ada])
    api = _Api(ada)
    body = {"name": "Mine", "url": "https://calendar.example.org/secret.ics", "words": ["OOO"]}
    status, made = api("POST", "/absence-feeds", body)
    assert (status, made["user_id"]) == (201, ada.id)
    assert "secret.ics" not in json.dumps(api("GET", "/absence-feeds")[1])
    assert api("POST", "/absence-feeds", body | {"team_id": team.id})[0] == 403
    assert api("POST", "/absence-feeds", body | {"words": []})[1]["code"] == "oncall.calendar_words"
    assert api("DELETE", f"/absence-feeds/{made['id']}")[0] == 204
    assert api("DELETE", f"/absence-feeds/{made['id']}")[0] == 404


def test_the_pager_is_taken_over_the_api() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    rota_id = make_rota(ada)
    status, made = _Api(ben)("POST", f"/rotas/{rota_id}/take-pager", {"hours": 3})
    assert (status, made["user_id"]) == (201, ben.id)
    again = _Api(ben)("POST", f"/rotas/{rota_id}/take-pager", {})
    assert (again[0], again[1]["code"]) == (409, "oncall.already_on_call")
