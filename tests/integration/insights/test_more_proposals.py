"""Proposals that stand on more than one page: waiting, leftovers, needs, two names of one."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from tests.factories.alerting import make_integration
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, signed_in
from tests.factories.noise import make_alert, page_for, record
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting.models import Alert, AutoEnd, InhibitionRow, Integration, RoutingRule
from evenfall.catalog import actions as catalog
from evenfall.catalog import queries as catalog_queries
from evenfall.insights import actions, errors, queries
from evenfall.insights.logic.effects import Verdict
from evenfall.insights.logic.proposals import Kind, State
from evenfall.insights.models import Proposal
from evenfall.insights.queries import ProposalView
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


@pytest.fixture
def tool(world: PagedTeam) -> Integration:
    return make_integration(service=world.service)


def found(now: datetime) -> dict[Kind, ProposalView]:
    actions.find_proposals(now=now)
    return {one.kind: one for one in queries.proposals(State.OPEN, now=now)}


def apply(view: ProposalView, now: datetime) -> None:
    actions.apply_proposal(
        proposal_id=view.id, knows_risk=True, by_name="Dan", now=now, actor="user:1"
    )


def undo(view: ProposalView, now: datetime) -> None:
    actions.undo_proposal(proposal_id=view.id, now=now, actor="user:1")


def test_a_rule_waits_and_is_taken_out_again(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    days = [now - n * DAY for n in range(1, 8)]
    record([page_for(world, tool, "Cpu", at, over_after=2 * MINUTE) for at in days])
    record([page_for(world, tool, "Cpu", now - HOUR, work=True)])
    view = found(now)[Kind.WAIT]
    assert view.change["minutes"] == 2
    assert (view.evidence["spared"], view.evidence["acted"]) == (7, 0)
    assert view.evidence["counts"] == {"later": 1}
    apply(view, now)
    rule = RoutingRule.objects.get(is_catch_all=False)
    assert (rule.wait_s, rule.outcome, rule.name) == (120, "", "Wait: Cpu")
    undo(view, now)
    assert not RoutingRule.objects.filter(is_catch_all=False).exists()


def _follow(world: PagedTeam, tool: Integration, now: datetime, days: int = 7) -> PagedTeam:
    """Pages of the first service, and two minutes later one of another, a day each."""
    other = replace(world, service=make_service("Web shop", team=world.team))
    for day in range(1, days):
        at = now - day * DAY
        record([page_for(world, tool, "Db", at, work=True)])
        record([page_for(other, tool, "Slow", at + 2 * MINUTE)])
    return other


def test_a_service_that_follows_another_is_said_to_need_it(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    other = _follow(world, tool, now)
    proposals = found(now)
    view = proposals[Kind.NEEDS]
    assert Kind.INHIBIT not in proposals  # it says the same of these two names only
    assert view.name == f"Web shop needs {world.service.name}"
    assert view.evidence["counts"]["followed"] == view.evidence["counts"]["times"] == 6
    assert view.evidence["counts"]["lift"] > 1000
    assert (view.evidence["pages"], view.evidence["spared"]) == (6, 6)
    apply(view, now)
    edge = (other.service.pk, world.service.pk, "hard")
    assert edge in catalog_queries.dependencies()
    effects = [queries.proposal(view.id, now=now + n * DAY).effect for n in (1, 14)]
    assert [(one.before, one.after) for one in effects if one] == [(6, 0), (6, 0)]
    assert [one.verdict for one in effects if one] == [Verdict.EARLY, Verdict.MAYBE]
    assert Kind.NEEDS not in found(now)
    undo(view, now + DAY)
    assert edge not in catalog_queries.dependencies()


def test_what_somebody_said_meanwhile_is_neither_made_nor_taken_away(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    other = _follow(world, tool, now)
    view = found(now)[Kind.NEEDS]
    pair = {"service_id": other.service.pk, "depends_on_id": world.service.pk}
    catalog.set_dependency(**pair, kind="soft", now=now, actor="user:1")
    with pytest.raises(errors.CannotBeMade):
        apply(view, now)
    catalog.remove_dependency(**pair, now=now, actor="user:1")
    catalog.set_dependency(
        service_id=pair["depends_on_id"],
        depends_on_id=pair["service_id"],
        kind="hard",
        now=now,
        actor="user:1",
    )
    with pytest.raises(errors.CannotBeMade, match="would depend on itself"):
        apply(view, now)
    catalog.remove_dependency(
        service_id=pair["depends_on_id"], depends_on_id=pair["service_id"], now=now, actor="user:1"
    )
    apply(view, now)
    catalog.set_dependency(**pair, kind="soft", now=now, actor="user:1")
    undo(view, now)
    assert (*pair.values(), "soft") in catalog_queries.dependencies()


def test_the_cause_that_tells_it_first_holds_the_other(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    for day in range(1, 8):
        at = now - day * DAY
        make_alert(world, tool, "DiskFull", at)
        record([page_for(world, tool, "NoSpace", at + MINUTE, acknowledge=day == 1)])
    view = found(now)[Kind.TWIN]
    assert (view.name, view.evidence["spared"], view.evidence["acted"]) == ("NoSpace", 7, 0)
    apply(view, now)
    assert InhibitionRow.objects.get().name == "NoSpace waits for DiskFull"
    undo(view, now)
    assert not InhibitionRow.objects.exists()
    assert actions.replay_proposal(
        proposal_id=found(now)[Kind.TWIN].id, now=now, actor="user:1", by_name="Eve"
    )


def test_nothing_is_proposed_that_would_spare_no_page(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    for day in range(1, 8):
        at = now - day * DAY
        make_alert(world, tool, "DiskFull", at)
        make_alert(world, tool, "NoSpace", at + MINUTE)  # it called nobody
    assert Kind.TWIN not in found(now)


def _left(world: PagedTeam, tool: Integration, name: str, at: datetime) -> Alert:
    alert = make_alert(world, tool, name, at)
    alert.outcome, alert.urgency = "ticket", "low"
    alert.save()
    return alert


def _swept(alerts: list[Alert], at: datetime) -> None:
    ids = [one.pk for one in alerts]
    Alert.objects.filter(pk__in=ids).update(state="resolved", resolved_at=at, resolved_by="user:1")


def test_what_nobody_ends_ends_by_itself(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    left = [_left(world, tool, "CertSoon", now - n * DAY) for n in range(4, 12)]
    _swept(left[:6], now - DAY)
    view = found(now)[Kind.END]
    assert view.change["quiet_hours"] == 24
    assert view.evidence["spared"] == view.evidence["pages"] == 0
    assert view.evidence["counts"]["ended"] == view.evidence["counts"]["alerts"] == 8
    assert "6 by hand, 6 of them in a sweep" in view.evidence["why"]
    apply(view, now)
    policy = AutoEnd.objects.get()
    rule = RoutingRule.objects.get(is_catch_all=False)
    assert (policy.rule_id, policy.quiet_s, policy.also_paging) == (rule.pk, 86_400, False)
    assert (rule.outcome, rule.name) == ("", "Ends by itself: CertSoon")
    assert queries.proposal(view.id, now=now + HOUR).effect is None  # nothing can have stayed yet
    late = queries.proposal(view.id, now=now + 10 * DAY).effect
    assert late is not None
    assert (late.before, late.after) == (8, 0)
    assert (late.verdict, queries.proposal(view.id, now=now).unit) == (Verdict.MAYBE, "alerts")
    undo(view, now + DAY)
    assert not AutoEnd.objects.exists()
    assert not RoutingRule.objects.filter(is_catch_all=False).exists()


def test_what_pages_or_what_somebody_takes_is_not_ended(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    for n in range(4, 12):
        make_alert(world, tool, "Pages", now - n * DAY)
        taken = _left(world, tool, "Taken", now - n * DAY)
        taken.acknowledged_at, taken.state = taken.opened_at + HOUR, "acknowledged"
        taken.save()
    assert Kind.END not in found(now)


def test_dismissed_it_stays_away(world: PagedTeam, tool: Integration, now: datetime) -> None:
    _follow(world, tool, now)
    view = found(now)[Kind.NEEDS]
    actions.dismiss_proposal(
        proposal_id=view.id, reason="By chance", until=now + 20 * DAY, now=now, actor="user:1"
    )
    assert Kind.NEEDS not in found(now + DAY)
    assert Proposal.objects.filter(kind="needs").count() == 1


def test_pages_and_permissions_of_each_kind(world: PagedTeam, tool: Integration) -> None:
    now = utc_now()
    other = _follow(world, tool, now)
    left = [_left(world, tool, "CertSoon", now - n * DAY) for n in range(4, 12)]
    _swept(left, now - DAY)
    views = found(now)
    admin, lead, member = signed_in(world.eve), signed_in(world.dan), signed_in(world.ada)
    said = {
        Kind.NEEDS: f"Web shop needs {world.service.name}",
        Kind.END: "8 of 8 alerts would have ended by themselves",
    }
    for kind, words in said.items():
        shown = admin.get(f"/insights/proposals/{views[kind].id}/").content.decode()
        assert words in shown
        # a day is not in what a what-if decides again
        assert "Replay four weeks" not in shown
    assert "8 of 8 alerts, no page" in admin.get("/insights/proposals/").content.decode()
    needs, ends = (f"/insights/proposals/{views[k].id}/" for k in (Kind.NEEDS, Kind.END))
    assert member.post(f"{needs}apply/").status_code == 403
    assert lead.post(f"{ends}apply/").status_code == 403
    # whoever leads the team of the service could say it by hand as well
    assert lead.post(f"{needs}apply/").status_code == 302
    assert (other.service.pk, world.service.pk, "hard") in catalog_queries.dependencies()
    assert admin.post(f"{ends}apply/").status_code == 302
    assert "too early" in admin.get(needs).content.decode()
    token = {"Authorization": f"Bearer {make_token(world.eve)}"}
    path = f"/api/v1/insights/proposals/{views[Kind.NEEDS].id}"
    assert admin.get(path, headers=token).json()["evidence"]["counts"]["followed"] == 6


def test_the_list_of_applied_ones_costs_the_same_for_many(
    world: PagedTeam, tool: Integration, now: datetime
) -> None:
    _follow(world, tool, now)
    left = [_left(world, tool, "CertSoon", now - n * DAY) for n in range(4, 12)]
    _swept(left, now - DAY)
    for kind in (Kind.NEEDS, Kind.END):
        apply(found(now)[kind], now)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.proposals(State.APPLIED, now=now + 9 * DAY)
        return len(asked)

    before = count()
    for row in Proposal.objects.filter(state="applied"):
        for more in range(2):
            row.pk, row.problem = None, f"{row.problem}{more}"
            row.save(force_insert=True)
    assert count() == before
