"""Follow-the-sun, checked: who is on call at night while a colleague is in daylight.

Night is 22:00 to 07:00 on the wall of somebody's own zone, daylight 08:00 to 20:00. The hours
between belong to neither, so that zones one hour apart are no reason for a warning.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.oncall.logic.spec import RotaSpec, Span
from evenfall.platform.wall_clock import instant, reading

type Stretch = tuple[datetime, datetime]
DAY = timedelta(days=1)


class Hours(Struct, frozen=True):
    """Daily hours on the wall; hours that do not end after they start run over midnight."""

    starts: time
    ends: time


NIGHT = Hours(time(22), time(7))
DAYLIGHT = Hours(time(8), time(20))


class NightWatch(Struct, frozen=True):
    """From `starts_at` until `ends_at` (UTC) it is night for `user_id`, who is on call.

    `in_daylight` are the others for whom it is day in all of that time.
    """

    user_id: int
    starts_at: datetime
    ends_at: datetime
    in_daylight: tuple[int, ...]


def night_watches(
    spans: Iterable[Span],
    zones: Mapping[int, ZoneInfo],
    *,
    night: Hours = NIGHT,
    daylight: Hours = DAYLIGHT,
) -> tuple[NightWatch, ...]:
    """The parts of the spans in the night of their person and the daylight of somebody else.

    `zones` are those of everybody who could be on call; people without one are passed over.
    """
    found: list[NightWatch] = []
    for span in spans:
        if span.user_id not in zones:
            continue
        others = {i: zone for i, zone in zones.items() if i != span.user_id}
        whole = (span.starts_at, span.ends_at)
        for dark in _within(whole, zones[span.user_id], night):
            for stretch, awake in _shared(dark, others, daylight):
                found.append(NightWatch(span.user_id, *stretch, awake))
    return tuple(found)


def candidates(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> frozenset[int]:
    """Whoever has a place in a layer of primaries in a plan that holds between the instants."""
    following = [plan.starts_at for plan in spec.plans[1:]]
    reigns = zip(spec.plans, [*following, None], strict=True)
    return frozenset(
        slot.user_id
        for plan, until in reigns
        if plan.starts_at < ends_at and (until is None or starts_at < until)
        for layer in plan.layers
        for slot in layer.members
        if slot.user_id is not None
    )


def _shared(
    dark: Stretch, others: Mapping[int, ZoneInfo], daylight: Hours
) -> Iterator[tuple[Stretch, tuple[int, ...]]]:
    """The parts of the stretch in which it is day for somebody, cut where that changes."""
    bright = [
        (part, user_id)
        for user_id, zone in others.items()
        for part in _within(dark, zone, daylight)
    ]
    edges = sorted({edge for part, _ in bright for edge in part})
    for low, high in pairwise(edges):
        awake = sorted(i for (opens, closes), i in bright if opens <= low and high <= closes)
        if awake:
            yield (low, high), tuple(awake)


def _within(stretch: Stretch, zone: ZoneInfo, hours: Hours) -> Iterator[Stretch]:
    """The parts of the stretch inside the daily hours of the zone, in order."""
    starts_at, ends_at = stretch
    first = reading(starts_at, zone).date() - DAY
    last = reading(ends_at, zone).date() + DAY
    over_midnight = DAY if hours.ends <= hours.starts else timedelta(0)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        opens = instant(datetime.combine(day, hours.starts), zone)
        closes = instant(datetime.combine(day + over_midnight, hours.ends), zone)
        low, high = max(opens, starts_at), min(closes, ends_at)
        if low < high:
            yield low, high
