"""When a window begins and ends, as instants.

A calendar window is laid out on the wall of its zone, so a month in which the clocks change is an
hour shorter or longer; budgets are of the real length.
"""

import calendar
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from evenfall.platform.wall_clock import YEARS, instant, reading
from evenfall.slo.logic.spec import Span, Unit, Window

MINUTE: Final = timedelta(minutes=1)
_LENGTHS: Final = {
    Unit.MINUTE: MINUTE,
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
    # OpenSLO leaves open how long a rolling month is: thirty days, as burn alerts reckon
    Unit.MONTH: timedelta(days=30),
    Unit.QUARTER: timedelta(days=90),
    Unit.YEAR: timedelta(days=365),
}
_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


class Bounds(NamedTuple):
    """From `since` up to, not including, `until`; both are UTC.

    A tuple, for a pass over all objectives looks sums up by it some ten thousand times.
    """

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def floor_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def ceil_minute(at: datetime) -> datetime:
    floor = floor_minute(at)
    return floor if floor == at else floor + MINUTE


def span_length(span: Span) -> timedelta:
    """How long a rolling window of this span is: a month is 30 days, a quarter 90, a year 365."""
    return span.number * _LENGTHS[span.unit]


def bounds(window: Window, *, at: datetime) -> Bounds:
    """The whole window that `at` is in; a rolling one ends there."""
    if window.is_rolling:
        return Bounds(at - span_length(window.span), at)
    zone = ZoneInfo(window.zone)
    wall = reading(at, zone)
    number = _number(window, wall)
    # of two wall times that are one instant (a skipped hour) the later window is empty: go on
    while instant(_start(window, number + 1), zone) <= at:
        number += 1
    while instant(_start(window, number), zone) > at:
        number -= 1
    return Bounds(instant(_start(window, number), zone), instant(_start(window, number + 1), zone))


def _number(window: Window, wall: datetime) -> int:
    """About which window after the first one, or before it, this wall time is in."""
    starts = _starts(window)
    months = _MONTHS.get(window.span.unit)
    if months is None:
        return (wall - starts) // span_length(window.span)
    passed = (wall.year - starts.year) * 12 + wall.month - starts.month
    return passed // (months * window.span.number)


def _start(window: Window, number: int) -> datetime:
    """The wall time at which a window begins; the 31st is the last day of shorter months."""
    starts = _starts(window)
    months = _MONTHS.get(window.span.unit)
    if months is None:
        return starts + number * span_length(window.span)
    later = starts.year * 12 + starts.month - 1 + number * months * window.span.number
    year, month = min(max(later // 12, YEARS.start), YEARS.stop - 1), later % 12 + 1
    day = min(starts.day, calendar.monthrange(year, month)[1])
    return starts.replace(year=year, month=month, day=day)


def _starts(window: Window) -> datetime:
    assert window.starts is not None, "a calendar window says when it starts"  # noqa: S101 - checked where it is read in
    return window.starts
