"""Ready rotas: from people, zones and a first Monday to a plan that can be changed afterwards."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    PlanSpec,
    ShiftPattern,
    WeeklyWindow,
)
from evenfall.oncall.logic.week_hours import HoursLine, as_windows
from evenfall.platform.wall_clock import instant, reading

MORNING = time(9)
EVENING = time(17)
MIDNIGHT = time(0)
SUNRISE = time(8)
WORKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
WEEKLY, DAILY = (168,), (24,)
RULE = LieutenantRule(kind=LieutenantKind.NEXT, spares_previous=True)


class Template(StrEnum):
    WEEKLY = "weekly"
    FOLLOW_THE_SUN = "follow_the_sun"
    BUSINESS_HOURS = "business_hours"
    WEEKEND = "weekend"


TITLES = {
    Template.WEEKLY: "A team of eight, by the week",
    Template.FOLLOW_THE_SUN: "Follow the sun",
    Template.BUSINESS_HOURS: "Business hours and out of hours",
    Template.WEEKEND: "Weekdays and weekends",
}
SAYINGS = {
    Template.WEEKLY: "One week on call, seven weeks off, with a lieutenant. Any number of people.",
    Template.FOLLOW_THE_SUN: "Three time zones, a day each: nobody is on call at night.",
    Template.BUSINESS_HOURS: "Somebody else each workday, and one person for nights and weekends.",
    Template.WEEKEND: "Working weeks and weekends have turns of their own, shared evenly.",
}
SUN_ZONES = 3
FAR_APART = timedelta(hours=4)
AROUND_THE_WORLD = tuple(
    ZoneInfo(key) for key in ("Europe/Berlin", "America/New_York", "Asia/Singapore", "Asia/Tokyo")
)


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody to plan with; without a user an empty place to be filled later."""

    user_id: int | None
    zone: ZoneInfo


class Ready(Struct, frozen=True, kw_only=True):
    """What a template gives; `coverage` empty is around the clock."""

    plan: PlanSpec
    coverage: tuple[WeeklyWindow, ...] = ()


def ready(
    template: Template, people: Sequence[Candidate], zones: Sequence[ZoneInfo], start: date
) -> Ready:
    """The plan of a template from the Monday of `start` on, handed over in the first zone.

    Layers that nobody is left for get an empty place. `zones` has at least one.
    """
    monday = start - timedelta(days=start.weekday())
    layers = _LAYERS[template](people, zones, monday)
    first = min(instant(layer.pattern.starts_at, layer.zone) for layer in layers)
    return Ready(plan=PlanSpec(starts_at=first, layers=layers, lieutenant=RULE))


def zones_for(
    template: Template, own: ZoneInfo, people: Sequence[Candidate], start: date
) -> tuple[ZoneInfo, ...]:
    """The zones to plan in: the own one and, to follow the sun, others far enough apart.

    Zones where people are come first, those of the most people before others.
    """
    if template is not Template.FOLLOW_THE_SUN:
        return (own,)
    lived_in = (zone for zone, _ in Counter(one.zone for one in people).most_common())
    chosen = [own]
    for zone in (*lived_in, *AROUND_THE_WORLD):
        if len(chosen) < SUN_ZONES and all(_apart(zone, o, start) >= FAR_APART for o in chosen):
            chosen.append(zone)
    return tuple(chosen)


def _weekly(
    people: Sequence[Candidate], zones: Sequence[ZoneInfo], monday: date
) -> tuple[LayerSpec, ...]:
    return (_layer("Main", zones[0], _from(monday, MORNING, WEEKLY), people),)


def _business_hours(
    people: Sequence[Candidate], zones: Sequence[ZoneInfo], monday: date
) -> tuple[LayerSpec, ...]:
    office = as_windows([HoursLine(WORKDAYS, MORNING, EVENING)])
    nights = _layer("Out of hours", zones[0], _from(monday, EVENING, WEEKLY), people)
    days = _from(monday, MORNING, DAILY)
    return nights, _layer("Business hours", zones[0], days, _turned(people), office)


def _weekend(
    people: Sequence[Candidate], zones: Sequence[ZoneInfo], monday: date
) -> tuple[LayerSpec, ...]:
    """Two layers and not a sequence of two shifts, in which an even team shares unevenly."""
    friday = [
        HoursLine(frozenset({4}), EVENING, MIDNIGHT),
        HoursLine(frozenset({5, 6}), MIDNIGHT, MIDNIGHT),
        HoursLine(frozenset({0}), MIDNIGHT, MORNING),
    ]
    weekdays = _from(monday, MORNING, WEEKLY)
    weekends = _from(monday + timedelta(days=4), EVENING, WEEKLY)
    return (
        _layer("Weekdays", zones[0], weekdays, people),
        _layer("Weekends", zones[0], weekends, _turned(people), as_windows(friday)),
    )


def _follow_the_sun(
    people: Sequence[Candidate], zones: Sequence[ZoneInfo], monday: date
) -> tuple[LayerSpec, ...]:
    """Each zone from its morning until the morning of the next zone to the west.

    The first layer has no hours: it has what the others leave, also the hour that comes and goes
    where one zone changes its clocks before another. So there never is a gap.
    """
    from_east = sorted(set(zones), key=lambda zone: instant(_wall(monday, SUNRISE), zone))
    layers = []
    for place, zone in enumerate(from_east):
        dusk = _next_morning(from_east, place, monday)
        windows = as_windows([HoursLine(EVERY_DAY, SUNRISE, dusk)]) if place else ()
        here = [one for one in people if _nearest(from_east, one.zone, monday) == zone]
        pattern = _from(monday, SUNRISE, WEEKLY)
        layers.append(_layer(_city(zone), zone, pattern, here, windows))
    return tuple(layers)


_LAYERS: dict[
    Template,
    Callable[[Sequence[Candidate], Sequence[ZoneInfo], date], tuple[LayerSpec, ...]],
] = {
    Template.WEEKLY: _weekly,
    Template.FOLLOW_THE_SUN: _follow_the_sun,
    Template.BUSINESS_HOURS: _business_hours,
    Template.WEEKEND: _weekend,
}


def _layer(
    name: str,
    zone: ZoneInfo,
    pattern: ShiftPattern,
    people: Sequence[Candidate],
    windows: tuple[WeeklyWindow, ...] = (),
) -> LayerSpec:
    slots = tuple(MemberSlot(user_id=one.user_id) for one in people)
    members = slots or (MemberSlot(user_id=None),)
    return LayerSpec(name=name, zone=zone, pattern=pattern, members=members, windows=windows)


def _from(day: date, clock: time, hours: tuple[int, ...]) -> ShiftPattern:
    return ShiftPattern(starts_at=_wall(day, clock), hours=hours)


def _wall(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)


def _turned(people: Sequence[Candidate]) -> Sequence[Candidate]:
    """The line from its middle on, so that nobody has both layers in one week."""
    middle = len(people) // 2
    return [*people[middle:], *people[:middle]]


def _next_morning(zones: Sequence[ZoneInfo], place: int, monday: date) -> time:
    """When the morning of the next zone begins, on the wall of this one."""
    following = zones[(place + 1) % len(zones)]
    return reading(instant(_wall(monday, SUNRISE), following), zones[place]).time()


def _nearest(zones: Sequence[ZoneInfo], zone: ZoneInfo, monday: date) -> ZoneInfo:
    return min(zones, key=lambda other: _apart(other, zone, monday))


def _apart(zone: ZoneInfo, other: ZoneInfo, day: date) -> timedelta:
    """How much two walls differ, which is at most half a day."""
    noon = datetime.combine(day, time(12), UTC)
    difference = abs(reading(noon, other) - reading(noon, zone))
    return min(difference, timedelta(days=1) - difference)


def _city(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")
