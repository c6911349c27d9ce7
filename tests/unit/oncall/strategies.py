"""Hypothesis strategies: rotas of every shape, in every zone, near every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from evenfall.oncall.logic.spec import (
    MINUTES_IN_WEEK,
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    OverrideSpec,
    PlanSpec,
    Role,
    RotaSpec,
    ShiftPattern,
    WeeklyWindow,
)

ZONES = sorted(available_timezones())
people = st.integers(1, 5)
years = st.integers(2000, 2100)


def zones() -> st.SearchStrategy[ZoneInfo]:
    return st.sampled_from(ZONES).map(ZoneInfo)


@cache
def transitions(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The instants (UTC, to the second) at which the zone changes its offset in the year."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        if _offset(day, zone) != _offset(day + timedelta(days=1), zone):
            found.append(first_change(day, zone, timedelta(days=1)))
        day += timedelta(days=1)
    return tuple(found)


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo, year: int) -> datetime:
    """An instant of the year, mostly within a day and a half of a change of the clocks."""
    changes = transitions(zone, year)
    near = st.sampled_from(changes) if changes else st.just(datetime(year, 7, 1, tzinfo=UTC))
    minutes = draw(st.integers(-36 * 60, 36 * 60))
    return draw(near) + timedelta(minutes=minutes)


def windows() -> st.SearchStrategy[tuple[WeeklyWindow, ...]]:
    minute = st.integers(0, MINUTES_IN_WEEK // 30 - 1).map(lambda half_hours: half_hours * 30)
    window = st.builds(WeeklyWindow, starts=minute, ends=minute)
    return st.just(()) | st.lists(window, min_size=1, max_size=3).map(tuple)


@st.composite
def members(draw: st.DrawFn, start: date) -> tuple[MemberSlot, ...]:
    days = st.none() | st.integers(-10, 60).map(lambda n: start + timedelta(days=n))
    slot = st.builds(MemberSlot, user_id=st.none() | people, joins_on=days, leaves_on=days)
    return tuple(draw(st.lists(slot, max_size=5)))


@st.composite
def layers(draw: st.DrawFn, zone: ZoneInfo, start: date) -> LayerSpec:
    """A layer that starts up to six weeks before the day."""
    first = start - timedelta(days=draw(st.integers(0, 42)))
    clock = time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30])))
    hours = st.sampled_from([(168,), (24,), (96, 72), (12,), (5, 30), (7,)])
    return LayerSpec(
        name=draw(st.sampled_from(["Main", "Nights"])),
        zone=zone,
        pattern=ShiftPattern(starts_at=datetime.combine(first, clock), hours=draw(hours)),
        members=draw(members(first)),
        windows=draw(windows()),
    )


@st.composite
def overrides(draw: st.DrawFn, around: datetime) -> OverrideSpec:
    starts_at = around + timedelta(minutes=draw(st.integers(-2000, 2000)))
    kind = draw(st.sampled_from(OverrideKind))
    return OverrideSpec(
        role=draw(st.sampled_from(Role)),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 4000))),
        user_id=None if kind is OverrideKind.REMOVE else draw(people),
        instead_of=None if kind is OverrideKind.ADD else draw(st.none() | people),
    )


@st.composite
def plans(draw: st.DrawFn, around: datetime) -> PlanSpec:
    """A plan that may begin in the midst of things; its layers may live in different zones."""
    anywhere = zones().flatmap(lambda zone: layers(zone, around.date()))
    kind = draw(st.sampled_from(LieutenantKind))
    own = kind is LieutenantKind.OWN_SEQUENCE
    return PlanSpec(
        starts_at=around + timedelta(minutes=draw(st.integers(-60_000, 9_000))),
        layers=tuple(draw(st.lists(anywhere, max_size=3))),
        lieutenant=LieutenantRule(
            kind=kind,
            user_id=draw(people) if kind is LieutenantKind.PERSON else None,
            layers=tuple(draw(st.lists(anywhere, max_size=2))) if own else (),
            spares_previous=draw(st.booleans()),
        ),
        shadows=tuple(draw(st.lists(anywhere, max_size=1))),
    )


@st.composite
def rotas(draw: st.DrawFn, around: datetime) -> RotaSpec:
    """A rota that is busy around the instant."""
    drawn = draw(st.lists(plans(around), min_size=1, max_size=2))
    return RotaSpec(
        zone=draw(zones()),
        plans=tuple(sorted(drawn, key=lambda plan: plan.starts_at)),
        overrides=tuple(draw(st.lists(overrides(around), max_size=4))),
    )


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def first_change(start: datetime, zone: ZoneInfo, within: timedelta) -> datetime:
    """The instant, to the second, at which the zone has left the offset of `start`."""
    low, high = 0, int(within.total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        changed = _offset(start + timedelta(seconds=middle), zone) != _offset(start, zone)
        low, high = (low, middle) if changed else (middle, high)
    return start + timedelta(seconds=high)
