"""What would spare pages: found, applied through the domains that own it, measured, undone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.alerting import make_integration
from tests.factories.identity import make_token, make_user, signed_in
from tests.factories.noise import page_for, record
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.alerting.models import InhibitionRow, RoutingRule, Silence
from evenfall.insights import actions, errors, queries
from evenfall.insights.logic.effects import Verdict
from evenfall.insights.logic.proposals import Kind, State
from evenfall.insights.models import Proposal
from evenfall.insights.queries import ProposalView
from evenfall.monitors import actions as monitors
from evenfall.monitors import queries as monitors_queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def pages(world: PagedTeam, name: str, now: datetime, count: int = 6, **more: Any) -> None:
    """Some pages of a problem, one a day."""
    tool = make_integration(service=world.service)
    found = [page_for(world, tool, name, now - (n + 1) * DAY, **more) for n in range(count)]
    record(found)


def found(now: datetime) -> dict[Kind, ProposalView]:
    actions.find_proposals(now=now)
    return {one.kind: one for one in queries.proposals(State.OPEN, now=now)}


def apply(view: ProposalView, now: datetime, *, knows_risk: bool = False) -> None:
    actions.apply_proposal(
        proposal_id=view.id, knows_risk=knows_risk, by_name="Dan", now=now, actor="user:1"
    )


def test_few_pages_are_no_ground_for_anything(world: PagedTeam, now: datetime) -> None:
    pages(world, "Cpu", now, count=4)
    assert found(now) == {}


def test_a_rule_is_put_in_front_and_taken_out_again(world: PagedTeam, now: datetime) -> None:
    pages(world, 'Cpu "hot"', now)
    view = found(now)[Kind.TICKET]
    assert (view.evidence["spared"], view.evidence["acted"]) == (6, 0)
    apply(view, now)
    rule = RoutingRule.objects.get(is_catch_all=False)
    slug = world.service.slug
    assert rule.condition == (
        f'labels.alertname == "Cpu \\"hot\\"" and service == "{slug}" and environment == "PROD"'
    )
    assert rule.outcome == "ticket"
    with pytest.raises(errors.ProposalIsNot):
        apply(view, now)
    actions.undo_proposal(proposal_id=view.id, now=now + DAY, actor="user:1")
    assert not RoutingRule.objects.filter(is_catch_all=False).exists()
    # as it is true again, it may be proposed again
    assert found(now + DAY)[Kind.TICKET].id != view.id


def test_what_hides_critical_pages_must_be_known(world: PagedTeam, now: datetime) -> None:
    tool = make_integration(service=world.service)
    record(
        [
            page_for(world, tool, "Cpu", now - (n + 1) * DAY, severity="critical", work=n == 0)
            for n in range(10)
        ]
    )
    view = found(now)[Kind.TICKET]
    assert view.is_risky
    with pytest.raises(errors.RiskNotAccepted):
        apply(view, now)
    apply(view, now, knows_risk=True)
    assert queries.proposal(view.id, now=now).state is State.APPLIED


def test_said_useless_it_can_be_silenced(world: PagedTeam, now: datetime) -> None:
    pages(world, "Cpu", now, useless=True)
    view = found(now)[Kind.SILENCE]
    apply(view, now)
    silence = Silence.objects.get()
    assert silence.ends_at == now + 14 * DAY
    actions.undo_proposal(proposal_id=view.id, now=now + DAY, actor="user:1")
    silence.refresh_from_db()
    assert silence.ends_at == now + DAY


def test_a_symptom_waits_for_its_cause(world: PagedTeam, now: datetime) -> None:
    tool = make_integration(service=world.service)
    for day in range(1, 7):
        at = now - day * DAY
        record([page_for(world, tool, "Db", at, work=True)])
        record([page_for(world, tool, "Web", at + 2 * MINUTE, work=True)])
    view = found(now)[Kind.INHIBIT]
    assert (view.name, view.change["cause_name"]) == ("Web", "Db")
    apply(view, now)
    assert InhibitionRow.objects.get().name == "Web waits for Db"
    actions.undo_proposal(proposal_id=view.id, now=now, actor="user:1")
    assert not InhibitionRow.objects.exists()


def test_a_monitor_needs_more_bad_looks(world: PagedTeam, now: datetime) -> None:
    wish = monitors.MonitorWish(
        name="Site",
        service_id=world.service.pk,
        settings={"url": "https://example.org/"},
        bad_needed=2,
    )
    number = monitors.add_monitor(kind="http", wish=wish, now=now, actor="user:1").monitor_id
    labels = {"monitor": str(number)}
    pages(world, "Site", now, labels=labels, work=False, over_after=2 * MINUTE)
    view = found(now)[Kind.LONGER]
    apply(view, now)
    assert monitors_queries.monitor(number).bad_needed == view.change["bad_needed"] > 2
    actions.undo_proposal(proposal_id=view.id, now=now, actor="user:1")
    assert monitors_queries.monitor(number).bad_needed == 2


def test_what_was_taken_away_by_hand_is_undone_all_the_same(
    world: PagedTeam, now: datetime
) -> None:
    pages(world, "Cpu", now)
    view = found(now)[Kind.TICKET]
    apply(view, now)
    RoutingRule.objects.filter(is_catch_all=False).delete()
    actions.undo_proposal(proposal_id=view.id, now=now, actor="user:1")
    assert queries.proposal(view.id, now=now).state is State.UNDONE


def test_dismissed_until_a_day(world: PagedTeam, now: datetime) -> None:
    pages(world, "Cpu", now)
    view = found(now)[Kind.TICKET]
    for until in (now, now + 400 * DAY):
        with pytest.raises(errors.DayNotPossible):
            actions.dismiss_proposal(
                proposal_id=view.id, reason="No", until=until, now=now, actor="user:1"
            )
    with pytest.raises(errors.ReasonMissing):
        actions.dismiss_proposal(
            proposal_id=view.id, reason=" ", until=now + DAY, now=now, actor="user:1"
        )
    actions.dismiss_proposal(
        proposal_id=view.id, reason="We mend it", until=now + 2 * DAY, now=now, actor="user:1"
    )
    assert Kind.TICKET not in found(now + DAY)
    assert found(now + 2 * DAY)[Kind.TICKET].id == view.id


def test_what_is_not_true_any_more_goes(world: PagedTeam, now: datetime) -> None:
    pages(world, "Cpu", now)
    assert found(now)
    assert found(now + 40 * DAY) == {}
    assert not Proposal.objects.exists()


def test_the_effect_is_measured_afterwards(world: PagedTeam, now: datetime) -> None:
    pages(world, "Cpu", now, count=20)
    view = found(now)[Kind.TICKET]
    apply(view, now)
    early = queries.proposal(view.id, now=now + DAY).effect
    late = queries.proposal(view.id, now=now + 14 * DAY).effect
    assert early is not None
    assert late is not None
    assert (early.verdict, late.verdict) == (Verdict.EARLY, Verdict.HELPED)
    assert (late.before, late.after, late.before_a_week) == (20, 0, 5.0)


def test_over_pages_and_the_api(world: PagedTeam) -> None:
    now = utc_now()
    pages(world, "Cpu", now)
    view = found(now)[Kind.TICKET]
    lead, admin = signed_in(world.dan), signed_in(world.eve)
    assert "Make it a ticket: Cpu" in admin.get("/insights/proposals/").content.decode()
    one = f"/insights/proposals/{view.id}/"
    assert "6 of" in admin.get(one).content.decode()
    # routing rules are of the whole site: leading a team is not enough
    assert lead.post(f"{one}apply/").status_code == 403
    assert admin.post(f"{one}dismiss/", {"reason": "", "until": "x"}).status_code == 422
    assert admin.post(f"{one}apply/").status_code == 302
    assert "Since then" in admin.get(one).content.decode()
    assert "too early" in admin.get("/insights/proposals/?show=applied").content.decode()
    token = {"Authorization": f"Bearer {make_token(world.eve)}"}
    path = f"/api/v1/insights/proposals/{view.id}"
    assert admin.post(f"{path}/undo", headers=token).json()["state"] == "undone"
    assert admin.get(path, headers=token).json()["effect"]["after"] == 0
    assert signed_in(make_user("Nia")).post("/insights/proposals/look/").status_code == 403
    admin.post("/insights/proposals/look/")
    listed = admin.get("/api/v1/insights/proposals", headers=token).json()["items"]
    again = f"/insights/proposals/{listed[0]['id']}/"
    until = (now + 9 * DAY).date().isoformat()
    assert admin.post(f"{again}dismiss/", {"reason": "Soon", "until": until}).status_code == 302
    assert "Soon" in admin.get(again).content.decode()
    assert admin.post(f"{again}reopen/").status_code == 302
    noise = admin.get("/api/v1/insights/noise?by=services&days=28", headers=token).json()
    assert noise["parts"][0]["counts"]["pages"] == noise["counts"]["pages"] == 6
    behind = admin.get("/api/v1/insights/noise/pages?figure=unanswered&limit=2", headers=token)
    assert len(behind.json()["items"]) == 2
    assert behind.json()["next"]


@pytest.mark.parametrize(
    ("useless", "kind"), [(False, Kind.TICKET), (True, Kind.SILENCE)], ids=["rule", "silence"]
)
def test_a_proposal_is_replayed_over_all_alerts_and_saves_nothing(
    world: PagedTeam, useless: bool, kind: Kind
) -> None:
    now = utc_now()
    pages(world, "Cpu", now, useless=useless)
    view = found(now)[kind]
    client = signed_in(world.eve)
    assert "6 pages less" in client.get("/insights/noise/").content.decode()
    shown = client.post(f"/insights/proposals/{view.id}/replay/", follow=True)
    assert shown.redirect_chain[0][0].startswith("/what-if/")
    assert "Proposal for Cpu" in shown.content.decode()
    assert not RoutingRule.objects.filter(is_catch_all=False).exists()
    assert not Silence.objects.exists()
    assert queries.proposal(view.id, now=now).state is State.OPEN


def test_what_changes_which_alerts_come_is_not_replayed(world: PagedTeam, now: datetime) -> None:
    # somebody acted on one as short as the others, so that a rule may not wait
    pages(world, "Cpu", now, over_after=MINUTE)
    pages(world, "Cpu", now - HOUR, count=1, over_after=MINUTE, work=True)
    view = found(now)[Kind.SENDER]
    with pytest.raises(errors.NotReplayed):
        actions.replay_proposal(proposal_id=view.id, now=now, actor="user:1", by_name="Eve")
