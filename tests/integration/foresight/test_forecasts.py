"""A what-if beside what really happened: alerts through the product, and through a replay."""

from datetime import timedelta

import pytest
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import NOW
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.alerting.logic.rules import Effects, Rule
from evenfall.alerting.models import Integration
from evenfall.alerting.ports import Outcome
from evenfall.alerting.ports.proposals import RuleChange, SilenceChange
from evenfall.foresight.logic.reports import Report
from evenfall.foresight.queries.forecasts import forecast
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.models import Incident
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import PlanSpec, RotaChange
from evenfall.paging import actions as paging_actions
from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.words import TargetKind
from evenfall.paging.ports import PolicyChange
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def team() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def integration(team: PagedTeam) -> Integration:
    return alerting.make_integration(service=team.service, now=NOW)


def lived(integration: Integration, key: str, *, after: timedelta, lasts: timedelta) -> None:
    """An alert comes through the whole product, nobody answers, and it ends."""
    at = NOW + after
    alerting.send(integration, update(key=key, labels={"alertname": key}), at=at)
    step(at)
    minutes = int(lasts / MINUTE)
    for minute in range(1, minutes):
        paging_actions.advance_due_pages(now=at + minute * MINUTE)
        react_now(at + minute * MINUTE)
    alerting.send(integration, update("resolve", key), at=at + lasts)
    step(at + lasts)


def step(at: object) -> None:
    alerting.receive(at)  # type: ignore[arg-type] # a time
    react_now(at)  # type: ignore[arg-type] # a time


def foretold(*changes: object) -> Report:
    since = NOW - MINUTE
    return forecast(changes, since=since, until=since + timedelta(days=7), now=NOW + 24 * HOUR)


def by_name(report: Report) -> dict[str, tuple[int, int, int]]:
    return {one.name: (one.as_is, one.proposed, one.really) for one in report.people}


def test_the_replay_says_what_really_happened(integration: Integration) -> None:
    lived(integration, "disk", after=MINUTE, lasts=7 * MINUTE)
    lived(integration, "disk", after=3 * HOUR, lasts=2 * MINUTE)
    found = foretold()
    assert by_name(found) == {"Ada": (2, 2, 2), "Ben": (1, 1, 1)}
    assert found.changes_nothing
    assert (found.alerts, found.as_is.incidents) == (2, Incident.objects.count())


def test_a_rule_that_records_calls_nobody(integration: Integration) -> None:
    lived(integration, "disk", after=MINUTE, lasts=2 * MINUTE)
    lived(integration, "cpu", after=3 * HOUR, lasts=2 * MINUTE)
    quiet = Rule(
        id=0,
        name="Disks",
        condition='labels.alertname == "disk"',
        effects=Effects(outcome=Outcome.RECORD),
    )
    found = foretold(RuleChange(rule=quiet))
    assert by_name(found) == {"Ada": (2, 1, 2)}
    (line,) = found.stopped
    assert (line.before, line.after, found.unpaged) == ("page", "record", {"error": 1})


def test_a_silence_holds_what_it_matches(integration: Integration) -> None:
    lived(integration, "disk", after=MINUTE, lasts=2 * MINUTE)
    found = foretold(SilenceChange(matchers=(Matcher("alertname", Operator.EQUAL, "disk"),)))
    assert by_name(found) == {"Ada": (1, 0, 1)}
    assert found.stopped[0].after == "held by silence"


def test_a_policy_calls_others(team: PagedTeam, integration: Integration) -> None:
    lived(integration, "disk", after=MINUTE, lasts=2 * MINUTE)
    target = TargetSpec(kind=TargetKind.USER, id=team.dan.id)
    spec = PolicySpec(steps=(StepSpec(targets=(target,)),))
    found = foretold(PolicyChange(spec=spec, team_ids=frozenset({team.team.id})))
    assert by_name(found) == {"Ada": (1, 0, 1), "Dan": (0, 1, 0)}
    assert found.new[0].why == "named in the policy"


def test_a_rota_calls_whoever_would_have_been_on_call(
    team: PagedTeam, integration: Integration
) -> None:
    lived(integration, "disk", after=MINUTE, lasts=2 * MINUTE)
    plan = oncall_queries.plan_to_edit(team.rota_id, now=NOW)
    layer = plan.layers[0]
    slot = type(layer.members[0])(user_id=team.dan.id)
    swapped = PlanSpec(
        starts_at=plan.starts_at,
        layers=(type(layer)(name="a", zone=layer.zone, pattern=layer.pattern, members=(slot,)),),
        lieutenant=plan.lieutenant,
    )
    found = foretold(RotaChange(rota_id=team.rota_id, plan=swapped))
    assert by_name(found) == {"Ada": (1, 0, 1), "Dan": (0, 1, 0)}


def test_an_answer_is_taken_as_it_was(team: PagedTeam, integration: Integration) -> None:
    at = NOW + MINUTE
    alerting.send(integration, update(), at=at)
    step(at)
    incident = Incident.objects.get()
    incidents_actions.acknowledge_incident(
        incident_id=incident.pk, user_id=team.ada.id, now=at + MINUTE, actor="user:1"
    )
    assert by_name(foretold()) == {"Ada": (1, 1, 1)}


def test_a_symptom_that_waited_for_its_cause_waits_in_the_replay(team: PagedTeam) -> None:
    database = make_service("Database", team=team.team)
    make_dependency(team.service, database)
    alerting_actions.write_graph(now=NOW)
    sender = alerting.make_integration(now=NOW)
    for number, one in enumerate((database, team.service)):
        at = NOW + number * MINUTE
        alerting.send(sender, update(key=one.slug, labels={"service": one.slug}), at=at)
        step(at)
    assert Incident.objects.count() == 1
    found = forecast((), since=NOW - HOUR, until=NOW + HOUR, now=NOW + HOUR)
    assert (found.alerts, found.as_is.incidents) == (2, 1)
