"""When deploys are open: hours of the week in a zone, without holidays.

Hours are laid out on the wall of the zone and become instants at the very end, so that a window in
which the clocks change is as long as it really is.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.public_holidays import is_holiday
from evenfall.platform.wall_clock import instant, reading, spoken

DAY_MINUTES: Final = 24 * 60
LOOK_AHEAD: Final = timedelta(days=60)
_DAY: Final = timedelta(days=1)

type Span = tuple[datetime, datetime]


class Hours(Struct, frozen=True, order=True):
    """A part of one weekday, 0 for Monday; minutes after midnight, 1440 for its end."""

    day: int
    starts: int
    ends: int


class Window(Struct, frozen=True, kw_only=True):
    """One calendar. Closed on the holidays of `country` and `region` (ISO 3166, empty for none).

    `handover`: closed for so long before whoever is on call hands over.
    """

    name: str
    zone: ZoneInfo
    hours: tuple[Hours, ...]
    country: str = ""
    region: str = ""
    handover: timedelta = timedelta(0)

    def said(self, at: datetime) -> str:
        """An instant as the wall of its zone shows it: Mon 2026-01-05 09:00 Europe/Berlin."""
        return f"{spoken(reading(at, self.zone))} {self.zone.key}"


def spans(window: Window, starts_at: datetime, ends_at: datetime) -> Iterator[Span]:
    """The open times between two instants, cut there, in the order of time, UTC."""
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    day, last = reading(starts_at, window.zone).date(), reading(ends_at, window.zone).date()
    while day <= last:
        for starts, ends in _laid_out(window, day):
            first, until = max(starts, starts_at), min(ends, ends_at)
            if first < until:
                yield first, until
        day += _DAY


def is_open(window: Window, at: datetime) -> bool:
    """The start belongs to a window, its end does not."""
    return next(spans(window, at, at + timedelta(seconds=1)), None) is not None


def without_handovers(
    open_times: Iterator[Span], handovers: Sequence[datetime], handover: timedelta
) -> Iterator[Span]:
    """The open times without the stretch before each of these instants."""
    shut = sorted((at - handover, at) for at in handovers) if handover else []
    for starts, ends in open_times:
        yield from _cut((starts, ends), shut)


def next_open(
    windows: Sequence[Window], handovers: Sequence[datetime], *, at: datetime
) -> tuple[datetime, Window] | None:
    """When the first of these opens, at `at` when it is open; None within sixty days."""
    firsts = []
    for window in windows:
        times = without_handovers(spans(window, at, at + LOOK_AHEAD), handovers, window.handover)
        first = next(times, None)
        if first is not None:
            firsts.append((first[0], window))
    return min(firsts, key=lambda pair: pair[0], default=None)


def closes_at(window: Window, handovers: Sequence[datetime], *, at: datetime) -> datetime:
    """When an open window closes; times that touch are one."""
    until = at
    times = spans(window, at, at + timedelta(days=8))
    for starts, ends in without_handovers(times, handovers, window.handover):
        if starts > until:
            break
        until = ends
    return until


def flaws(hours: Sequence[Hours]) -> list[str]:
    """What makes no sense in them; empty when they are good."""
    if not hours:
        return ["a window has at least one stretch of hours"]
    if any(not (0 <= one.day < 7 and 0 <= one.starts < one.ends <= DAY_MINUTES) for one in hours):  # noqa: PLR2004 - days of a week
        return ["hours start before they end, within one day"]
    ordered = sorted(hours)
    if any(one.day == two.day and two.starts < one.ends for one, two in pairwise(ordered)):
        return ["two stretches of hours overlap"]
    return []


def _laid_out(window: Window, day: date) -> Iterator[Span]:
    of_day = [one for one in window.hours if one.day == day.weekday()]
    if not of_day or is_holiday(window.country, window.region)(day):
        return
    midnight = datetime.combine(day, time())
    for one in sorted(of_day):
        starts = instant(midnight + timedelta(minutes=one.starts), window.zone)
        ends = instant(midnight + timedelta(minutes=one.ends), window.zone)
        if starts < ends:  # all of it may be skipped when the clocks go forward
            yield starts, ends


def _cut(span: Span, shut: Sequence[Span]) -> Iterator[Span]:
    starts, ends = span
    for shuts, opens in shut:
        if opens <= starts or shuts >= ends:
            continue
        if starts < shuts:
            yield starts, shuts
        starts = max(starts, opens)
    if starts < ends:
        yield starts, ends
