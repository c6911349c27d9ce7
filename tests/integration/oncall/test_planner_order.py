"""The planner writes a new order of the members where that alone does it, and plans lieutenants."""

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import User
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import Absence, Override, Plan
from evenfall.oncall.ports import Duty, LieutenantKind, LieutenantRule, Role

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
LATER = NOW + 6 * WEEK
NEXT = LieutenantRule(kind=LieutenantKind.NEXT)


@pytest.fixture
def people() -> list[User]:
    return [make_user(name) for name in ("Ada", "Ben", "Cem", "Dan")]


@pytest.fixture
def rota_id(people: list[User]) -> int:
    return make_rota(team=make_team(members=people), layers=[main_layer(*people)])


@pytest.fixture
def doubled(people: list[User]) -> int:
    return make_rota(team=make_team(members=people), layers=[main_layer(*people)], lieutenant=NEXT)


def _away_in_their_week(user: User) -> None:
    """Dan has the first week to be planned; nobody stands in yet, and somebody has to."""
    Absence.objects.create(
        user=user,
        kind="holiday",
        starts_at=LATER + WEEK,
        ends_at=LATER + WEEK + timedelta(days=2),
        created_at=NOW,
        created_by="system",
        source="hand",
    )


def _spans(rota_id: int, role: Role = Role.PRIMARY) -> list[Duty]:
    spans = queries.final_schedule(rota_id, starts_at=LATER, ends_at=LATER + 8 * WEEK)
    return [span for span in spans if span.role is role]


def _apply(rota_id: int, found: queries.PlanProposal, **rest: bool) -> int:
    return actions.apply_proposal(
        rota_id=rota_id,
        weeks=found.weeks,
        fingerprint=found.fingerprint,
        **rest,
        now=LATER,
        actor="user:1",
    )


def test_a_new_order_is_written_instead_of_overrides(rota_id: int, people: list[User]) -> None:
    _away_in_their_week(people[3])
    found = queries.plan_proposal(rota_id, weeks=3, now=LATER)
    assert len(found.changes) > 1
    assert (found.order is not None, found.to_override) == (True, [])
    assert sorted(found.order_names) == ["Ada", "Ben", "Cem", "Dan"]
    assert found.diff is not None
    assert found.diff.changes
    before, count = _spans(rota_id), Override.objects.count()

    proposal_id = _apply(rota_id, found)
    assert Override.objects.count() == count
    assert Plan.objects.filter(rota_id=rota_id).count() == 2
    holders = {span.starts_at: span.user_id for span in _spans(rota_id)}
    for shift in found.shifts:
        if not shift.is_settled:
            assert holders[shift.starts_at] == shift.proposed_id
    (applied,) = queries.applied_proposals(rota_id)
    assert (applied.plan_starts_at, applied.override_ids) == (found.order_starts_at, [])

    actions.undo_proposal(rota_id=rota_id, proposal_id=proposal_id, now=LATER, actor="user:1")
    assert _spans(rota_id) == before


def test_overrides_are_written_when_they_are_asked_for(rota_id: int, people: list[User]) -> None:
    _away_in_their_week(people[3])
    by_order = queries.plan_proposal(rota_id, weeks=3, now=LATER)
    found = queries.plan_proposal(rota_id, weeks=3, with_order=False, now=LATER)
    assert (found.order, found.to_override) == (None, found.changes)
    assert found.fingerprint != by_order.fingerprint
    with pytest.raises(errors.ProposalOutdated):
        _apply(rota_id, found)
    _apply(rota_id, found, with_order=False)
    assert Plan.objects.filter(rota_id=rota_id).count() == 1


def test_a_rota_that_was_planned_anew_keeps_that_plan(rota_id: int, people: list[User]) -> None:
    _away_in_their_week(people[3])
    proposal_id = _apply(rota_id, queries.plan_proposal(rota_id, weeks=3, now=LATER))
    actions.replan_rota(
        rota_id=rota_id,
        layers=[main_layer(*people[:2])],
        lieutenant=LieutenantRule(),
        holds_from=LATER + 5 * WEEK,
        now=LATER,
        actor="user:1",
    )
    with pytest.raises(errors.ProposalReplanned):
        actions.undo_proposal(rota_id=rota_id, proposal_id=proposal_id, now=LATER, actor="user:1")


def _broken(rota_id: int, lines: list[queries.ProposedShift]) -> None:
    """Nobody is lieutenant beside themselves, or right after their own week, or twice in a row."""
    primary = {span.starts_at: span.user_id for span in _spans(rota_id)}
    seconds = {span.starts_at: span.user_id for span in _spans(rota_id, Role.LIEUTENANT)}
    planned = [line for line in lines if not line.is_settled]
    for before, line in pairwise(planned):
        at = line.starts_at
        assert seconds[at] == line.proposed_id
        assert line.proposed_id not in {
            primary[at],
            primary[before.starts_at],
            seconds[before.starts_at],
        }


def test_lieutenants_are_spread_within_the_rules(doubled: int, people: list[User]) -> None:
    """Ben was lieutenant week after week."""
    for week in (2, 3):
        make_override(
            doubled, people[1], starts_at=NOW + week * WEEK, hours=160, role=Role.LIEUTENANT
        )
    found = queries.plan_proposal(doubled, weeks=8, now=LATER)
    assert found.second_changes
    assert all(line.why for line in found.seconds)
    assert any("hours as lieutenant until then" in line.why for line in found.second_changes)
    taken = [line.proposed for line in found.seconds if not line.is_settled]
    present = [line.present for line in found.seconds if not line.is_settled]
    assert taken.count("Ben") < present.count("Ben")
    before = _spans(doubled, Role.LIEUTENANT)
    proposal_id = _apply(doubled, found)
    _broken(doubled, found.seconds)
    actions.undo_proposal(rota_id=doubled, proposal_id=proposal_id, now=LATER, actor="user:1")
    assert _spans(doubled, Role.LIEUTENANT) == before


def test_nobody_away_is_planned_as_lieutenant(doubled: int, people: list[User]) -> None:
    away = (LATER, LATER + 4 * WEEK)
    actions.add_absence(
        user_id=people[1].id,
        kind=Kind.HOLIDAY,
        starts_at=away[0],
        ends_at=away[1],
        now=LATER,
        actor="system",
    )
    found = queries.plan_proposal(doubled, weeks=6, now=LATER)
    names = {line.proposed for line in found.seconds if line.starts_at < away[1]}
    assert "Ben" not in names


def test_lieutenants_are_left_alone_when_they_shall_be(doubled: int, rota_id: int) -> None:
    assert queries.plan_proposal(rota_id, weeks=4, now=NOW).seconds == []
    found = queries.plan_proposal(doubled, weeks=4, with_lieutenants=False, now=NOW)
    assert found.seconds == []


def test_two_people_have_nothing_to_choose(people: list[User]) -> None:
    two = people[:2]
    rota_id = make_rota(team=make_team(members=two), layers=[main_layer(*two)], lieutenant=NEXT)
    assert queries.plan_proposal(rota_id, weeks=4, now=NOW).seconds == []
