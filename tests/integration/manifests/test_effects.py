"""A plan says whom the alerts of the last days would have paged with it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.identity import NOW, viewer
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting.models import Alert
from evenfall.catalog import queries as catalog_queries
from evenfall.foresight import queries as foresight_queries
from evenfall.foresight.errors import DaysNotValid
from evenfall.foresight.models import Run
from evenfall.manifests import actions
from evenfall.manifests.actions import Plan, Wish
from evenfall.manifests.logic.effects import Effect
from evenfall.oncall import queries as oncall_queries
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=24)


@pytest.fixture
def team() -> PagedTeam:
    """A team whose database and disk called Ada, each once."""
    made = make_paged_team()
    sender = alerting.make_integration(service=made.service, now=NOW)
    for hours, key in enumerate(("database", "disk"), start=1):
        at = NOW + timedelta(hours=hours)
        alerting.send(sender, update(key=key, labels={"alertname": key}), at=at)
        _step(at)
        alerting.send(sender, update("resolve", key), at=at + 2 * MINUTE)
        _step(at + 2 * MINUTE)
    return made


def _step(at: Any) -> None:
    alerting.receive(at)
    react_now(at)


def plan(text: str, team: PagedTeam, **more: Any) -> Plan:
    wish = Wish(bundle="shop", files={"a.yaml": "evenfall: v1\n" + text})
    return actions.plan(wish=wish, viewer=viewer(team.eve), now=LATER, **{"days": 7, **more})


def effect_of(text: str, team: PagedTeam) -> Effect:
    found = plan(text, team)
    assert found.problems == ()
    assert found.effect is not None
    return found.effect


def pages(effect: Effect) -> dict[str, tuple[int, int]]:
    assert effect.report is not None, effect.reason
    return {one.name: (one.as_is, one.proposed) for one in effect.report.people}


RECORDED = """
rules:
  ordered: [{name: Disks, when: labels.alertname == "disk", then: {outcome: record}}]
"""


def test_rules_that_record_page_less_and_the_answer_is_kept(team: PagedTeam) -> None:
    found = effect_of(RECORDED, team)
    assert pages(found) == {"Ada": (2, 1)}
    assert found.number is not None
    kept = foresight_queries.run(found.number)
    assert (kept.report, kept.kinds, kept.created_by_name) == (found.report, ("bundle",), "Eve")
    # what was written to look at it was taken back
    again = effect_of("teams: {x: {name: X}}", team)
    assert pages(again) == {"Ada": (2, 2)}


SPAN = "starts_at: 2026-03-03T13:00:00Z, ends_at: 2026-03-04T13:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        f"silences: {{a: {{matchers: [alertname=disk], {SPAN}}}}}",
        f"maintenance: {{a: {{name: A, matchers: [alertname=disk], {SPAN}}}}}",
    ],
)
def test_quiet_counts_as_if_it_had_been_there_all_the_time(team: PagedTeam, text: str) -> None:
    assert pages(effect_of(text, team)) == {"Ada": (2, 1)}
    applied = Wish(bundle="shop", files={"a.yaml": f"evenfall: v1\n{text}"})
    actions.apply(wish=applied, viewer=viewer(team.eve), now=LATER)
    longer = plan(text.replace("04T13", "04T15"), team).effect
    assert longer is not None
    assert [str(one.thing).partition(".")[2] for one in longer.left_out] == ["a"]


def test_an_inhibition_holds_what_it_names(team: PagedTeam) -> None:
    at = NOW + timedelta(hours=5)
    sender = alerting.make_integration(name="Other", service=team.service, now=NOW)
    for minutes, key in enumerate(("down", "slow")):
        alerting.send(sender, update(key=key, labels={"alertname": key}), at=at + minutes * MINUTE)
        _step(at + minutes * MINUTE)
    text = "inhibitions: {a: {name: A, source: [alertname=down], target: [alertname=slow]}}"
    report = effect_of(text, team).report
    assert report is not None
    assert [(one.before, one.after) for one in report.stopped] == [("page", "held by alert")]


def test_a_policy_and_a_rota_that_are_new_with_the_plan_are_asked_for_people(
    team: PagedTeam,
) -> None:
    service, slug = team.service, team.team.slug
    found = effect_of(
        f"""
rotas:
  night:
    name: Night
    team: {slug}
    time_zone: UTC
    layers:
      - name: A
        time_zone: UTC
        starts_on: 2026-03-03
        members: [{{person: {team.dan.email}}}]
policies:
  night:
    name: Night
    team: {slug}
    steps: [{{targets: [{{kind: rota, of: night}}]}}]
    used_by: {{services: [{service.slug}]}}
""",
        team,
    )
    assert pages(found) == {"Ada": (2, 0), "Dan": (0, 2)}
    assert [one.id for one in oncall_queries.rotas()] == [team.rota_id]


def test_what_needs_what_is_replayed_too(team: PagedTeam) -> None:
    """A thing no what-if has a form for: what is written is looked at before it is taken back."""
    text = f"""
services: {{till: {{name: Till, team: {team.team.slug}}}}}
rules:
  ordered: [{{name: Disks, when: labels.alertname == "disk", then: {{service: till}}}}]
policies:
  till:
    name: Till
    steps: [{{targets: [{{kind: user, of: {team.ben.email}}}]}}]
    used_by: {{services: [till]}}
"""
    assert pages(effect_of(text, team)) == {"Ada": (2, 1), "Ben": (0, 1)}
    assert "till" not in {one.slug for one in catalog_queries.services().values()}


def test_what_cannot_be_replayed_is_said(team: PagedTeam) -> None:
    found = effect_of(
        """
integrations: {new: {name: New, kind: prometheus}}
recurring_maintenance:
  backups: {name: B, rule: FREQ=DAILY, begins_on: 2026-03-01, begins_at: 02:00,
            length_minutes: 30, time_zone: UTC}
""",
        team,
    )
    assert pages(found) == {"Ada": (2, 2)}
    assert [str(one.thing) for one in found.left_out] == [
        "integrations.new",
        "recurring_maintenance.backups",
    ]


def test_nothing_is_replayed_where_nothing_can_be_said(team: PagedTeam) -> None:
    too_many = plan(RECORDED, team, at_once=1).effect
    assert too_many is not None
    assert too_many.report is None
    assert too_many.reason.startswith("2 alerts came in 7 days, and 1 are replayed")
    nothing = plan("", team, days=1).effect
    assert nothing is not None
    assert nothing.reason == "Nothing would change."
    Alert.objects.all().delete()
    quiet = plan(RECORDED, team).effect
    assert quiet is not None
    assert quiet.reason.startswith("No alert came in this time")
    assert plan(RECORDED, team, days=0).effect is None
    assert plan("services: {a: {name: A, team: nobody}}", team).effect is None
    with pytest.raises(DaysNotValid):
        plan(RECORDED, team, days=31)
    assert Run.objects.count() == 0
