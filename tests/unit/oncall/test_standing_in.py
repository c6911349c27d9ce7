from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.oncall_specs import at, layer_spec, override_spec, rota_spec
from tests.unit.oncall import strategies

from evenfall.oncall.logic import standing_in
from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import (
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    Role,
    RotaSpec,
    Span,
)
from evenfall.oncall.logic.standing_in import Away, Decision, Known, StandIn, decide

NOW = at("2027-01-04 08:00")
UNTIL = at("2027-02-01 08:00")
NEXT = LieutenantRule(kind=LieutenantKind.NEXT)
EVERYBODY = (1, 2, 3, 4)


def _rota(*people: int, lieutenant: LieutenantRule = NEXT) -> RotaSpec:
    return rota_spec(layer_spec(*people), lieutenant=lieutenant)


def _away(user_id: int, starts: str, ends: str, absence_id: int = 1) -> Away:
    return Away(absence_id=absence_id, user_id=user_id, starts_at=at(starts), ends_at=at(ends))


WEEK_ONE = _away(1, "2027-01-04 08:00", "2027-01-11 08:00")


def _decide(
    rota: RotaSpec,
    *aways: Away,
    known: Sequence[Known] = (),
    candidates: Sequence[int] = EVERYBODY,
    now: datetime = NOW,
) -> Decision:
    return decide(rota, known, aways, candidates, now=now, until=UNTIL)


def _told(decision: Decision) -> list[tuple[str, int | None, int, str, str]]:
    return [
        (one.role, one.user_id, one.instead_of, f"{one.starts_at:%d %H}", f"{one.ends_at:%d %H}")
        for one in decision.add
    ]


def _known(decision: Decision, known: Sequence[Known] = ()) -> list[Known]:
    """The overrides after the decision was carried out."""
    left = [one for one in known if one.id not in decision.cancel]
    first = max([one.id for one in known], default=0) + 1
    added = [
        Known(id=number, override=one.override(), absence_id=one.absence_id)
        for number, one in enumerate(decision.add, first)
    ]
    return [*left, *added]


def _schedule(rota: RotaSpec, known: Sequence[Known], until: datetime = UNTIL) -> list[Span]:
    whole = replace(rota, overrides=tuple(one.override for one in known))
    return list(final_schedule(whole, NOW, until))


def test_what_somebody_declined_is_not_decided_again() -> None:
    """Only in its time, for its absence and its role."""
    rota = _rota(1, 2, 3, 4)
    half = StandIn(
        absence_id=1,
        role=Role.PRIMARY,
        user_id=2,
        instead_of=1,
        starts_at=NOW,
        ends_at=at("2027-01-06 08:00"),
    )
    decided = partial(decide, rota, (), (WEEK_ONE,), candidates=EVERYBODY, now=NOW, until=UNTIL)
    decision = decided(declined=(half,))
    assert ("primary", 2, 1, "06 08", "11 08") in _told(decision)
    other = replace(half, absence_id=2)
    again = decided(declined=(other,))
    assert ("primary", 2, 1, "04 08", "11 08") in _told(again)


def test_the_lieutenant_steps_up_and_the_lowest_load_becomes_lieutenant() -> None:
    decision = _decide(_rota(1, 2, 3, 4), WEEK_ONE, candidates=(4, 3, 2, 1))
    assert _told(decision) == [
        ("lieutenant", 4, 2, "04 08", "11 08"),
        ("primary", 2, 1, "04 08", "11 08"),
    ]


def test_nothing_changes_where_the_absent_person_has_no_duty() -> None:
    away = _away(1, "2027-01-12 08:00", "2027-01-20 08:00")
    assert _decide(_rota(1, 2, 3, 4), away) == Decision(cancel=(), add=())


def test_an_absent_lieutenant_is_replaced_and_the_primary_stays() -> None:
    decision = _decide(_rota(1, 2, 3, 4), _away(2, "2027-01-05 00:00", "2027-01-07 00:00"))
    assert _told(decision) == [("lieutenant", 3, 2, "05 00", "07 00")]


def test_without_lieutenants_the_lowest_load_steps_in_and_no_lieutenant_is_made() -> None:
    rota = _rota(1, 2, 3, lieutenant=LieutenantRule())
    assert _told(_decide(rota, WEEK_ONE, candidates=(3, 2))) == [
        ("primary", 3, 1, "04 08", "11 08")
    ]


def test_whoever_was_primary_the_week_before_is_asked_last() -> None:
    rota = rota_spec(
        layer_spec(3, 1, 2, 4, starts_at="2026-12-28 09:00"), lieutenant=LieutenantRule()
    )
    assert _told(_decide(rota, WEEK_ONE, candidates=(3, 4, 2)))[0][1] == 4
    assert _told(_decide(rota, WEEK_ONE, candidates=(3,)))[0][1] == 3


def test_when_nobody_is_left_a_gap_stays() -> None:
    rota = _rota(1, 2)
    both = (WEEK_ONE, _away(2, "2027-01-01 00:00", "2027-03-01 00:00", 2))
    assert ("primary", None, 1, "04 08", "11 08") in _told(_decide(rota, *both))


def test_a_gap_is_closed_once_somebody_is_free() -> None:
    rota = _rota(1, 2, lieutenant=LieutenantRule())
    both = (WEEK_ONE, _away(2, "2027-01-04 08:00", "2027-01-11 08:00", 2))
    known = _known(_decide(rota, *both))
    assert [one.override.user_id for one in known] == [None]
    again = _decide(rota, WEEK_ONE, known=known)
    assert again.cancel == (1,)
    assert _told(again) == [("primary", 2, 1, "04 08", "11 08")]


def test_deciding_twice_changes_nothing() -> None:
    rota = _rota(1, 2)
    known = _known(_decide(rota, WEEK_ONE))
    later = NOW + timedelta(days=1)
    assert _decide(rota, WEEK_ONE, known=known) == Decision(cancel=(), add=())
    assert _decide(rota, WEEK_ONE, known=known, now=later) == Decision(cancel=(), add=())


def test_ending_the_absence_takes_back_exactly_what_it_caused() -> None:
    rota = _rota(1, 2, 3, 4)
    by_hand = Known(id=1, override=override_spec("2027-01-20 08:00", "2027-01-21 08:00", user_id=4))
    known = [by_hand, *_known(_decide(rota, WEEK_ONE, known=[by_hand]), [by_hand])[1:]]
    assert _decide(rota, known=known) == Decision(cancel=(2, 3)[::-1], add=())


def test_a_longer_absence_goes_on_with_the_same_people() -> None:
    rota = _rota(1, 2, 3, 4)
    short = replace(WEEK_ONE, ends_at=at("2027-01-06 08:00"))
    known = _known(_decide(rota, short, candidates=(4, 3)))
    longer = _decide(rota, WEEK_ONE, known=known, candidates=(3, 4))
    assert longer.cancel == ()
    assert _told(longer) == [
        ("lieutenant", 4, 2, "06 08", "11 08"),
        ("primary", 2, 1, "06 08", "11 08"),
    ]


def test_a_shorter_absence_keeps_the_people_for_what_is_left() -> None:
    rota = _rota(1, 2, 3, 4)
    known = _known(_decide(rota, WEEK_ONE, candidates=(4, 3)))
    short = replace(WEEK_ONE, ends_at=at("2027-01-06 08:00"))
    decision = _decide(rota, short, known=known, candidates=(3, 4))
    assert set(decision.cancel) == {1, 2}
    assert _told(decision) == [
        ("lieutenant", 4, 2, "04 08", "06 08"),
        ("primary", 2, 1, "04 08", "06 08"),
    ]


def test_when_the_stand_in_falls_ill_too_the_new_lieutenant_steps_up() -> None:
    rota = _rota(1, 2, 3, 4)
    known = _known(_decide(rota, WEEK_ONE, candidates=(4, 3)))
    second = replace(WEEK_ONE, user_id=2, absence_id=2)
    decision = _decide(rota, WEEK_ONE, second, known=known, candidates=(3, 4))
    after = _known(decision, known)
    first_week = [(s.user_id, s.role) for s in _schedule(rota, after, at("2027-01-11 08:00"))]
    assert first_week == [(4, Role.PRIMARY), (3, Role.LIEUTENANT)]


def test_what_a_manager_decides_afterwards_counts() -> None:
    rota = _rota(1, 2, 3, 4)
    known = _known(_decide(rota, WEEK_ONE))
    taken = override_spec("2027-01-04 08:00", "2027-01-11 08:00", user_id=4, instead_of=2)
    after = [*known, Known(id=9, override=taken)]
    decision = _decide(rota, WEEK_ONE, known=after)
    spans = _schedule(rota, _known(decision, after), at("2027-01-11 08:00"))
    assert [s.user_id for s in spans if s.role is Role.PRIMARY] == [4]


def test_a_person_who_left_the_rota_is_not_asked() -> None:
    gone = MemberSlot(user_id=2, leaves_on=at("2027-01-04 08:00").date())
    joins = MemberSlot(user_id=4, joins_on=at("2027-06-01 08:00").date())
    slots = (MemberSlot(user_id=1), gone, joins, MemberSlot(user_id=3))
    rota = rota_spec(layer_spec(members=slots), lieutenant=LieutenantRule())
    assert _told(_decide(rota, WEEK_ONE, candidates=(2, 4, 3)))[0][1] == 3


def test_a_hand_made_primary_beside_an_absent_lieutenant_keeps_the_lieutenant_present() -> None:
    rota = rota_spec(
        layer_spec(1, 2, 3, 4),
        lieutenant=NEXT,
    )
    by_hand = Known(id=1, override=override_spec("2027-01-04 08:00", "2027-01-11 08:00", user_id=2))
    away = replace(WEEK_ONE, user_id=1)
    decision = _decide(rota, away, known=[by_hand])
    spans = _schedule(rota, _known(decision, [by_hand]), at("2027-01-11 08:00"))
    assert 1 not in {span.user_id for span in spans}


def test_an_override_without_a_person_to_replace_is_nobodys_stand_in() -> None:
    odd = Known(
        id=1,
        override=override_spec("2027-01-04 08:00", "2027-01-05 08:00", user_id=3),
        absence_id=1,
    )
    assert _decide(_rota(1, 2, 3), known=[odd]) == Decision(cancel=(), add=())


def test_overrides_that_are_over_are_left_alone() -> None:
    over = StandIn(
        absence_id=1,
        role=Role.PRIMARY,
        user_id=2,
        instead_of=1,
        starts_at=NOW - timedelta(days=2),
        ends_at=NOW,
    )
    known = [Known(id=1, override=over.override(), absence_id=1)]
    assert _decide(_rota(1, 2, 3), known=known) == Decision(cancel=(), add=())
    assert over.override().kind is OverrideKind.REPLACE


def test_the_horizon_lies_78_to_92_days_ahead_and_moves_by_fortnights() -> None:
    seen = {standing_in.horizon(NOW + timedelta(days=day)) for day in range(28)}
    assert len(seen) <= 3
    assert all(
        timedelta(days=78) <= standing_in.horizon(NOW + timedelta(days=day)) - NOW - timedelta(day)
        for day in range(28)
    )


moments = st.integers(-200, 900).map(lambda hours: NOW.astimezone(UTC) + timedelta(hours=hours))


@st.composite
def absences(draw: st.DrawFn) -> list[Away]:
    count = draw(st.integers(1, 4))
    starts = [draw(moments) for _ in range(count)]
    return [
        Away(
            absence_id=number,
            user_id=draw(strategies.people),
            starts_at=start,
            ends_at=start + timedelta(hours=draw(st.integers(1, 400))),
        )
        for number, start in enumerate(starts, 1)
    ]


@given(rota=strategies.rotas(NOW), aways=absences())
def test_nobody_absent_is_ever_on_call_and_nothing_else_is_touched(
    rota: RotaSpec, aways: list[Away]
) -> None:
    by_hand = [Known(id=i, override=o) for i, o in enumerate(rota.overrides, 1)]
    bare = replace(rota, overrides=())
    decision = _decide(bare, *aways, known=by_hand, candidates=(1, 2, 3, 4, 5))
    assert decision.cancel == ()
    after = _known(decision, by_hand)
    # a shadow who is away is missed by nobody: there is nothing to stand in for
    spans = [span for span in _schedule(bare, after) if span.role is not Role.SHADOW]
    for away in aways:
        for span in spans:
            overlaps = span.starts_at < away.ends_at and away.starts_at < span.ends_at
            assert not (overlaps and span.user_id == away.user_id)
    for one in decision.add:
        cause = next(away for away in aways if away.absence_id == one.absence_id)
        assert cause.starts_at <= one.starts_at < one.ends_at <= cause.ends_at
    again = _decide(bare, *aways, known=after, candidates=(5, 4, 3, 2, 1))
    assert again.cancel == ()
    assert again.add == ()
    gone = _decide(bare, known=after)
    assert _schedule(bare, _known(gone, after)) == _schedule(bare, by_hand)
