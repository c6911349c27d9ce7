"""What holds for every rota, in every zone, around every change of the clocks until 2100."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.oncall_specs import rota_spec
from tests.unit.oncall.strategies import moments, rotas, transitions, years, zones

from evenfall.oncall.logic.schedule import final_schedule, gaps, on_call_at
from evenfall.oncall.logic.spec import (
    LayerSpec,
    MemberSlot,
    PlanSpec,
    Role,
    RotaSpec,
    ShiftPattern,
    Span,
)
from evenfall.platform.wall_clock import instant, reading

lengths = st.integers(0, 20_000).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def situations(draw: st.DrawFn) -> tuple[RotaSpec, datetime, datetime]:
    """A rota and a stretch of time near a change of the clocks of some zone."""
    around = draw(moments(draw(zones()), draw(years)))
    start = around - draw(lengths) / 2
    return draw(rotas(around)), start, start + draw(lengths)


def _of(spans: tuple[Span, ...], role: Role) -> list[Span]:
    return [span for span in spans if span.role is role]


def _joined(spans: tuple[Span, ...]) -> list[Span]:
    """The spans with the two parts of one duty made one again."""
    whole: list[Span] = []
    for role in Role:
        for span in _of(spans, role):
            last = whole[-1] if whole else None
            if last and last.ends_at == span.starts_at and _same(last, span):
                whole[-1] = replace(last, ends_at=span.ends_at)
            else:
                whole.append(span)
    return whole


def _same(one: Span, other: Span) -> bool:
    return (one.user_id, one.role, one.why) == (other.user_id, other.role, other.why)


@settings(max_examples=60)
@given(situations())
def test_no_role_is_held_twice_and_spans_with_gaps_are_the_whole_time(
    situation: tuple[RotaSpec, datetime, datetime],
) -> None:
    spec, start, end = situation
    spans = final_schedule(spec, start, end)
    for role in Role:
        for earlier, later in pairwise(_of(spans, role)):
            assert earlier.ends_at <= later.starts_at
    primary = _of(spans, Role.PRIMARY)
    covered = sum((s.ends_at - s.starts_at for s in primary), timedelta(0))
    uncovered = sum((g.ends_at - g.starts_at for g in gaps(spec, start, end)), timedelta(0))
    assert covered + uncovered == end - start


@settings(max_examples=60)
@given(situations(), st.floats(0, 1))
def test_two_halves_make_the_whole(
    situation: tuple[RotaSpec, datetime, datetime], share: float
) -> None:
    spec, start, end = situation
    middle = start + (end - start) * share
    halves = final_schedule(spec, start, middle) + final_schedule(spec, middle, end)
    assert _joined(halves) == _joined(final_schedule(spec, start, end))


@settings(max_examples=60)
@given(situations(), st.floats(0, 0.999))
def test_who_is_on_call_at_an_instant_is_who_the_schedule_says(
    situation: tuple[RotaSpec, datetime, datetime], share: float
) -> None:
    spec, start, end = situation
    at = start + (end - start) * share
    now = on_call_at(spec, at)
    wide = final_schedule(spec, at - timedelta(days=20), at + timedelta(days=20))
    running = {span.role: span for span in wide if span.starts_at <= at < span.ends_at}
    assert now.primary == running.get(Role.PRIMARY)
    assert now.lieutenant == running.get(Role.LIEUTENANT)
    assert now.shadow == running.get(Role.SHADOW)


@settings(max_examples=60)
@given(situations())
def test_the_lieutenant_is_never_the_primary(
    situation: tuple[RotaSpec, datetime, datetime],
) -> None:
    spans = final_schedule(*situation)
    for primary in _of(spans, Role.PRIMARY):
        for second in _of(spans, Role.LIEUTENANT):
            apart = second.ends_at <= primary.starts_at or primary.ends_at <= second.starts_at
            assert apart or second.user_id != primary.user_id


@settings(max_examples=60)
@given(situations())
def test_a_shadow_is_never_alone_and_every_span_has_a_reason(
    situation: tuple[RotaSpec, datetime, datetime],
) -> None:
    spans = final_schedule(*situation)
    assert all(span.why for span in spans)
    for learner in _of(spans, Role.SHADOW):
        beside = [s for s in spans if _common(s, learner) > timedelta(0)]
        taught = (_common(s, learner) for s in beside if s.role is Role.PRIMARY)
        assert sum(taught, timedelta(0)) == learner.ends_at - learner.starts_at
        assert learner.user_id not in {s.user_id for s in beside if s.role is not Role.SHADOW}


@settings(max_examples=60)
@given(situations(), st.integers(0, 6))
def test_a_future_member_never_changes_the_past(
    situation: tuple[RotaSpec, datetime, datetime], place: int
) -> None:
    spec, start, _ = situation
    plan = spec.plans[0]
    changed = tuple(_with_joiner(layer, start, place) for layer in plan.layers)
    past = (start - timedelta(days=30), _before(plan, start))
    plans = (replace(plan, layers=changed), *spec.plans[1:])
    assert final_schedule(spec, *past) == final_schedule(replace(spec, plans=plans), *past)


@settings(max_examples=60)
@given(st.data(), zones(), years, st.sampled_from([(168,), (24,), (12,), (5,)]))
def test_a_full_layer_has_no_gap_and_hands_over_by_the_wall(
    data: st.DataObject, zone: ZoneInfo, year: int, hours: tuple[int, ...]
) -> None:
    around = data.draw(moments(zone, year))
    first = reading(around - timedelta(days=9), zone)
    pattern = ShiftPattern(starts_at=first, hours=hours)
    people = (MemberSlot(user_id=1), MemberSlot(user_id=2))
    layer = LayerSpec(name="Main", zone=zone, pattern=pattern, members=people)
    spec = rota_spec(layer)
    begin, end = instant(first, layer.zone), around + timedelta(days=9)
    assert gaps(spec, begin, end) == ()
    for earlier, later in pairwise(final_schedule(spec, begin, end)):
        assert earlier.ends_at == later.starts_at
        shown = reading(later.starts_at, layer.zone)
        handed_over = (shown - first) % timedelta(hours=hours[0]) == timedelta(0)
        assert handed_over or later.starts_at in transitions(layer.zone, later.starts_at.year)


def _common(one: Span, other: Span) -> timedelta:
    return min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)


def _with_joiner(layer: LayerSpec, start: datetime, place: int) -> LayerSpec:
    joiner = MemberSlot(user_id=99, joins_on=reading(start, layer.zone).date())
    return replace(layer, members=(*layer.members[:place], joiner, *layer.members[place:]))


def _before(plan: PlanSpec, start: datetime) -> datetime:
    """The latest instant before the day of `start` begins on the wall of every layer."""
    midnights = [
        instant(
            datetime.combine(reading(start, layer.zone).date(), datetime.min.time()), layer.zone
        )
        for layer in plan.layers
    ]
    return min([start.astimezone(UTC), *midnights])
