"""The REST API of objectives: what is promised, how it stands, who may say what."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_membership, make_team, make_token, make_user
from tests.factories.objectives import MINUTE, count, make_objective

from evenfall.alerting import actions as alerting
from evenfall.catalog.ports import Environment
from evenfall.incidents import actions as incidents
from evenfall.incidents.ports import Sev
from evenfall.platform.clock import utc_now
from evenfall.platform.crypto import sign
from evenfall.slo import actions, ports, queries
from evenfall.slo.actions import PICTURE
from evenfall.slo.logic.states import Cause
from evenfall.slo.models import Objective
from evenfall.slo.ports import Interval

pytestmark = pytest.mark.django_db
API = "/api/v1"
HOUR = timedelta(hours=1)
PAIR = {"name": "own", "severity": "page", "long": 60, "short": 5, "factor": 14.4}


class Caller:
    def __init__(self, role: str = "manager") -> None:
        self.user = make_user(role.title(), role)
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


def promised(service_id: int, **more: Any) -> dict[str, Any]:
    indicator = {"name": "Answers", "service_id": service_id, "origin": "pushed"}
    return {
        "name": "Availability",
        "service_id": service_id,
        "target": 0.99,
        "indicator": indicator,
        **more,
    }


def counted(objective_id: int, *, bad: float = 0.0, minutes: int = 30) -> None:
    row = Objective.objects.get(id=objective_id)
    assert row.indicator is not None
    edge = utc_now().replace(second=0, microsecond=0)
    count(row.indicator, until=edge - MINUTE, minutes=minutes, bad=bad)
    actions.evaluate_due(now=utc_now())


def test_the_whole_way_over_the_api() -> None:
    ana, service = Caller(), make_service()
    made = ana.send("POST", "/objectives", promised(service.pk)).json()
    address = f"/objectives/{made['id']}"
    assert made["slug"] == "availability"
    assert made["window"] == {"span": "30d", "zone": "", "starts": ""}
    assert made["budget"] is None
    assert [one["factor"] for one in made["alerts"]["pairs"]] == [14.4, 6, 3, 1]
    minutes = [{"at": (utc_now() - HOUR).isoformat(), "good": 980, "total": 1000}]
    sent = {"key": "run-1", "minutes": minutes}
    counts = f"/indicators/{made['indicator_id']}/counts"
    assert ana.send("POST", counts, sent).json() == {"is_new": True}
    assert ana.send("POST", counts, sent).json() == {"is_new": False}
    actions.evaluate_due(now=utc_now())
    whole = ana.get(address).json()
    assert whole["budget"]["state"] == "FROZEN"
    assert whole["budget"]["rest"] == pytest.approx(-1)
    calendar = {"span": "1M", "zone": "Europe/Berlin", "starts": "2026-01-01 00:00"}
    change = {
        **promised(service.pk, window=calendar, indicator=None),
        "indicator_id": made["indicator_id"],
        "version": 1,
    }
    changed = ana.send("PUT", address, change).json()
    assert changed["window"]["starts"] == "2026-01-01 00:00:00"
    assert changed["version"] == 2
    assert ana.send("PUT", address, change).status_code == 409
    (listed,) = ana.get("/objectives?q=avail&state=FROZEN").json()["items"]
    assert listed["id"] == made["id"]
    assert ana.send("DELETE", address).status_code == 204
    assert ana.get("/objectives").json()["items"] == []


def test_a_budget_raw_and_corrected_with_who_spent_it() -> None:
    ana, objective = Caller(), make_objective()
    address = f"/objectives/{objective.pk}"
    edge = utc_now().replace(second=0, microsecond=0) - MINUTE
    counted(objective.pk, bad=2)
    cause = Interval(
        kind=Cause.RELEASE, reference="1.4.2", since=edge - 15 * MINUTE, until=edge, title="Till"
    )
    actions.charge(service_ids=[objective.service_id], cause=cause)
    spent = ana.get(f"{address}/budget").json()
    assert [one["kind"] for one in spent["spent_by"]] == ["release", "unexplained"]
    assert sum(one["budget"] for one in spent["spent_by"]) == pytest.approx(2)
    assert spent["spent_by"][0]["share"] == pytest.approx(0.5)
    window = {
        "starts_at": (edge - 10 * MINUTE).isoformat(),
        "ends_at": edge.isoformat(),
        "reason": "A test of ours",
        "kind": "false_data",
    }
    made = ana.send("POST", f"{address}/corrections", window).json()["items"]
    assert [one["reason"] for one in ana.get(f"{address}/corrections").json()["items"]] == [
        "A test of ours"
    ]
    after = ana.get(f"{address}/budget").json()["spent_by"]
    assert after[0]["share"] == pytest.approx(5 / 20)
    assert ana.send("POST", f"{address}/corrections", {**window, "reason": " "}).status_code == 422
    one = f"{address}/corrections/{made[0]['id']}"
    assert [ana.send("DELETE", one).status_code for _ in range(2)] == [204, 404]


def test_causes_that_others_register_are_charged() -> None:
    objective = make_objective()
    counted(objective.pk, bad=2)

    def read(service_ids: Any, over: ports.Bounds) -> dict[int, list[Interval]]:
        going = Interval(kind=Cause.INCIDENT, reference="5", since=over.since)
        return {number: [going] for number in service_ids}

    ports.register_causes("test", read)
    try:
        (part,) = queries.spending(objective.pk, now=utc_now()).parts
    finally:
        ports.unregister_causes("test")
    assert part.cause is not None
    assert (part.cause.reference, part.share) == ("5", 1)


def test_nobody_approves_their_own_exception() -> None:
    ana, max_, objective = Caller(), Caller("admin"), make_objective()
    counted(objective.pk, bad=2)
    budgets = f"/services/{objective.service_id}/budgets"
    (standing,) = ana.get(budgets).json()["items"]
    assert (standing["state"], standing["may_pass"]) == ("FROZEN", False)
    address = f"/objectives/{objective.pk}/exceptions"
    wish = exception_wish()
    (asked,) = ana.send("POST", address, wish).json()["items"]
    one = f"{address}/{asked['id']}"
    refused = ana.send("POST", f"{one}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "slo.not_your_own")
    assert not ana.get(budgets).json()["items"][0]["may_pass"]
    (approved,) = max_.send("POST", f"{one}/approve").json()["items"]
    assert (approved["state"], approved["approved_by"]) == ("approved", "Admin")
    (standing,) = ana.get(budgets).json()["items"]
    assert standing["may_pass"]
    assert "exception (security) holds" in standing["reason"]
    assert max_.send("DELETE", one).status_code == 204
    assert not ana.get(budgets).json()["items"][0]["may_pass"]
    assert ana.get(address).json()["items"][0]["state"] == "revoked"
    far = {**wish, "ends_at": (utc_now() + timedelta(days=90)).isoformat()}
    assert ana.send("POST", address, far).status_code == 422
    late = {**wish, "review_on": "2020-01-01"}
    assert ana.send("POST", address, late).status_code == 422


def exception_wish() -> dict[str, str]:
    return {
        "kind": "security",
        "reason": "A hole in the login",
        "review_on": (utc_now() + timedelta(days=7)).date().isoformat(),
        "ends_at": (utc_now() + timedelta(days=1)).isoformat(),
    }


def test_an_exception_is_reviewed_and_listed() -> None:
    ana, max_, objective = Caller(), Caller("admin"), make_objective()
    address = f"/objectives/{objective.pk}/exceptions"
    (asked,) = ana.send("POST", address, exception_wish()).json()["items"]
    one = f"{address}/{asked['id']}"
    early = max_.send("POST", f"{one}/review", {"outcome": "justified", "note": "Fine"})
    assert (early.status_code, early.json()["code"]) == (409, "slo.nothing_to_review")
    (approved,) = max_.send("POST", f"{one}/approve").json()["items"]
    assert approved["awaits_review"]
    (waiting,) = ana.get("/budget-exceptions").json()["items"]
    assert (waiting["id"], waiting["is_due"]) == (asked["id"], False)
    said = {"outcome": "follow_up", "note": "Rotate the keys"}
    assert ana.send("POST", f"{one}/review", said).status_code == 403
    (reviewed,) = max_.send("POST", f"{one}/review", said).json()["items"]
    assert reviewed["review"].items() >= said.items()
    assert ana.get("/budget-exceptions").json()["items"] == []
    assert ana.get("/budget-exceptions?reviewed=true").json()["items"] == [reviewed]


def test_the_burn_of_each_pair_is_shown() -> None:
    ana, objective = Caller(), make_objective()
    counted(objective.pk, bad=50)
    burn = ana.get(f"/objectives/{objective.pk}/burn").json()
    assert burn["burn"] == pytest.approx(50)
    assert burn["pairs"][0]["fires"] is True
    assert {one["kind"] for one in burn["alerts"]} == {"page", "exhausted"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": 1},
        {"target": -0.1},
        {"window": {"span": "5m"}},
        {"window": {"span": "9999Y"}},
        {"window": {"span": "1M", "zone": "Mars/Base", "starts": "2026-01-01 00:00"}},
        {"window": {"span": "1M", "zone": "UTC"}},
        {"window": {"span": "1M", "zone": "UTC", "starts": "2026-02-31 00:00"}},
        {"slice_minutes": 7},
        {"slice_target": 0},
        {"indicator": None},
        {"policy": {"thaw_from": 2}},
        {"name": " "},
        {"slug": "Not a slug"},
        {
            "alerts": {
                "pairs": [{"name": "a", "severity": "page", "long": 5, "short": 5, "factor": 1}]
            }
        },
        {"alerts": {"low_traffic": {"least_bad": -1}}},
        {"indicator": None, "members": [{"indicator_id": 10**9}]},
    ],
)
def test_what_cannot_be_promised_is_refused(wrong: dict[str, Any]) -> None:
    ana, service = Caller(), make_service()
    for path in ("/objectives", "/objectives/preview"):
        answer = ana.send("POST", path, promised(service.pk, **wrong))
        assert answer.status_code in {404, 422} or path.endswith("preview"), answer.content
    assert not Objective.objects.exists()


def test_a_factor_that_nothing_reaches_is_refused_and_another_suggested() -> None:
    own = {**PAIR, "name": "mine"}
    body = promised(make_service().pk, target=0.9, alerts={"pairs": [own]})
    answer = Caller().send("POST", "/objectives", body)
    assert answer.status_code == 422
    assert "burns at 10 only. Use a factor of 8 at most" in answer.json()["detail"]


def test_a_manager_of_another_team_reads_and_changes_nothing() -> None:
    objective, outsider = make_objective(), Caller("responder")
    make_membership(make_team("Others"), outsider.user, "manager")
    address = f"/objectives/{objective.pk}"
    for path in ("", "/budget", "/burn", "/corrections", "/exceptions"):
        assert outsider.get(f"{address}{path}").status_code == 200
    assert outsider.send("DELETE", address).status_code == 403
    body = promised(objective.service_id)
    assert outsider.send("POST", "/objectives", body).status_code == 403


def test_indicators_over_the_api() -> None:
    ana, service = Caller(), make_service()
    body = {"name": "Answers", "service_id": service.pk, "origin": "pushed"}
    made = ana.send("POST", "/indicators", body).json()
    one = f"/indicators/{made['id']}"
    assert (made["slug"], made["queries"]) == ("answers", [])
    assert ana.send("POST", "/indicators", {**body, "slug": "answers"}).status_code == 409
    assert ana.send("POST", "/indicators", body).json()["slug"] == "answers-2"
    changed = ana.send("PUT", one, {**body, "name": "New", "version": 1}).json()
    assert (changed["name"], changed["version"]) == ("New", 2)
    assert ana.send("PUT", one, {**body, "version": 1}).status_code == 409
    assert len(ana.get(f"/indicators?service_id={service.pk}").json()["items"]) == 2
    assert ana.send("DELETE", one).status_code == 204
    assert ana.get(one).json()["is_archived"]


def test_a_draft_of_stored_counts_is_played() -> None:
    ana, objective = Caller(), make_objective()
    counted(objective.pk, bad=50)
    draft = {
        **promised(objective.service_id, target=0.9, indicator=None),
        "indicator_id": objective.indicator_id,
        "hours": 2,
    }
    found = ana.send("POST", "/objectives/preview", draft).json()
    assert found["total"] == 3000
    assert found["spent"] == pytest.approx(5)
    assert 0.2 < found["known"] < 0.3
    # at 90 % a full outage burns ten times as fast as allowed: 14.4 was lowered
    assert found["pairs"][0]["clamped_from"] == 14.4
    assert Objective.objects.count() == 1


def test_the_picture_of_a_budget_is_for_whoever_holds_the_link() -> None:
    objective = make_objective()
    counted(objective.pk, bad=0.5, minutes=300)
    now = utc_now()
    token = sign(objective.pk, purpose=PICTURE, now=now, valid_for=HOUR)
    drawn = Client().get(f"/objectives/pictures/{token}.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert "error budget 50.0% left" in drawn.content.decode()
    assert "<polyline" in drawn.content.decode()
    old = sign(objective.pk, purpose=PICTURE, now=now - 2 * HOUR, valid_for=HOUR)
    assert Client().get(f"/objectives/pictures/{old}.svg").status_code == 400


def test_incidents_and_maintenance_are_causes() -> None:
    ana, objective = Caller(), make_objective()
    counted(objective.pk, bad=2)
    now = utc_now()
    number = incidents.declare_incident(
        title="The till is down",
        severity=Sev.SEV3,
        service_id=objective.service_id,
        environment=Environment.PROD,
        page=False,
        now=now - 20 * MINUTE,
        actor="system",
    )
    alerting.create_maintenance(
        name="Upgrade",
        by_name="Ana",
        service_ids=[objective.service_id],
        starts_at=now - 2 * HOUR,
        ends_at=now + HOUR,
        now=now,
        actor="system",
    )
    spent = ana.get(f"/objectives/{objective.pk}/budget").json()["spent_by"]
    assert [one["reference"].split(":")[0] for one in spent] == ["maintenance", "incident"]
    assert spent[1]["url"] == f"/incidents/{number}/"
    assert sum(one["share"] for one in spent) == pytest.approx(1)


def test_what_no_window_reaches_is_forgotten() -> None:
    objective = make_objective()
    counted(objective.pk)
    assert actions.forget_sums(before=utc_now() - timedelta(days=400)) == 0
    assert actions.forget_sums(before=utc_now() + HOUR) >= 2
