import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.identity import make_team, make_token, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.oncall import queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


def _ask(user: User, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = Client().generic(
        method,
        f"/api/v1{path}",
        data="" if body is None else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {make_token(user)}"},
    )
    return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def people() -> list[User]:
    return [make_user(name) for name in ("Ada", "Ben", "Cem", "Dan")]


@pytest.fixture
def lead() -> User:
    return make_user("Lea", role="observer")


@pytest.fixture
def team(people: list[User], lead: User) -> Team:
    return make_team(members=people, leads=[lead])


@pytest.fixture
def rota_id(people: list[User], team: Team) -> int:
    then = utc_now() - timedelta(weeks=8)
    layer = main_layer(*people, starts_at=f"{then.date()} 00:00", zone="UTC")
    rota_id = make_rota(layers=[layer], team=team, now=then)
    for week in (1, 2, 3):
        starts_at = then + timedelta(weeks=week)
        make_override(rota_id, people[0], starts_at=starts_at, hours=160, now=then)
    return rota_id


def test_fairness_is_told_to_programs(team: Team, people: list[User], rota_id: int) -> None:
    assert rota_id
    status, told = _ask(people[0], "GET", f"/teams/{team.id}/fairness?weeks=12")
    assert status == 200
    assert {one["name"] for one in told["people"]} == {"Ada", "Ben", "Cem", "Dan"}
    assert 0 < told["load"]["gini"] < 1
    assert told["people"][0]["name"] == "Ada"
    assert told["weights"]["weights"]["page"] == 20


def test_fairness_is_refused_with_reasons(team: Team, people: list[User]) -> None:
    status, told = _ask(people[0], "GET", f"/teams/{team.id}/fairness?weeks=7")
    assert (status, told["code"]) == (422, "oncall.window_unknown")
    assert _ask(make_user("Out", role="observer"), "GET", f"/teams/{team.id}/fairness")[0] == 403
    assert _ask(people[0], "GET", "/teams/987654/fairness")[0] == 404


def test_weights_are_changed_by_managers(team: Team, people: list[User], lead: User) -> None:
    path = f"/teams/{team.id}/load-weights"
    assert _ask(people[0], "PUT", path, {"page": 9})[0] == 403
    assert _ask(lead, "PUT", path, {"page": -9})[0] == 422
    status, told = _ask(lead, "PUT", path, {"page": 9})
    assert (status, told["weights"]["page"]) == (200, 9)
    assert _ask(people[0], "GET", path)[1]["set_by"].startswith("token:")


def test_work_profiles_are_ones_own_or_the_managers(
    team: Team, people: list[User], lead: User
) -> None:
    path = f"/teams/{team.id}/work-profiles/{people[0].id}"
    assert _ask(people[0], "PUT", path, {"country": "de", "region": "by"})[0] == 200
    assert _ask(people[1], "GET", path)[1] == {
        "user_id": people[0].id,
        "country": "DE",
        "region": "BY",
        "percent": 100,
    }
    assert _ask(people[1], "PUT", path, {"percent": 1})[0] == 403
    assert _ask(lead, "PUT", path, {"percent": 50})[0] == 200
    assert _ask(lead, "PUT", path, {"country": "ZZ"})[1]["code"] == "oncall.region_unknown"
    outside = f"/teams/{team.id}/work-profiles/{make_user('Out').id}"
    assert _ask(lead, "PUT", outside, {"percent": 50})[0] == 404
    assert _ask(people[0], "GET", outside)[0] == 404


def test_a_proposal_is_looked_at_applied_and_taken_back(
    people: list[User], lead: User, rota_id: int
) -> None:
    path = f"/rotas/{rota_id}/plan-proposals"
    status, found = _ask(people[0], "POST", path, {"weeks": 8})
    assert status == 200
    changes = [shift for shift in found["shifts"] if shift["is_change"]]
    assert changes
    body = {"weeks": 8, "fingerprint": found["fingerprint"]}
    assert _ask(people[0], "POST", f"{path}/apply", body)[0] == 403
    status, applied = _ask(lead, "POST", f"{path}/apply", body)
    assert (status, len(applied["override_ids"])) == (201, len(changes))
    assert _ask(lead, "POST", f"{path}/apply", body)[1]["code"] == "oncall.proposal_outdated"
    assert _ask(lead, "DELETE", f"{path}/{applied['id']}")[0] == 204
    assert _ask(lead, "DELETE", f"{path}/{applied['id']}")[1]["code"] == "oncall.proposal_undone"
    assert queries.plan_proposal(rota_id, weeks=8, now=utc_now()).changes


def test_a_proposal_says_which_rule_blocks_whom(lead: User) -> None:
    ada = make_user("Ada")
    team = make_team(members=[ada], leads=[lead])
    rota_id = make_rota(team=team, layers=[main_layer(ada)], now=utc_now())
    found = _ask(lead, "POST", f"/rotas/{rota_id}/plan-proposals", {"weeks": 2})[1]
    blocked = [shift["blocked"] for shift in found["shifts"] if shift["blocked"]]
    rule = "would have two shifts one after the other"
    assert blocked[0] == [{"name": "Ada", "rule": rule}]
    assert _ask(lead, "POST", f"/rotas/{rota_id}/plan-proposals", {"weeks": 13})[0] == 422
