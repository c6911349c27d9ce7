"""Where the shifts of a pattern begin and end on the wall, and which of them are worked.

Everything here is naive wall time: a week on the wall has always 168 hours.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise, takewhile
from math import lcm

from msgspec import Struct

from evenfall.oncall.logic.spec import MINUTES_IN_WEEK, ShiftPattern, WeeklyWindow

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
type Stretch = tuple[datetime, datetime]


def shift_number(pattern: ShiftPattern, wall: datetime) -> int:
    """The number of the shift that runs at `wall`; the first shift is 0, earlier is negative."""
    offsets = _offsets(pattern.hours)
    cycles, rest = divmod(wall - pattern.starts_at, offsets[-1])
    return cycles * len(pattern.hours) + bisect_right(offsets, rest) - 1


def shift_start(pattern: ShiftPattern, number: int) -> datetime:
    offsets = _offsets(pattern.hours)
    cycles, place = divmod(number, len(pattern.hours))
    return pattern.starts_at + cycles * offsets[-1] + offsets[place]


def first_shift_from(pattern: ShiftPattern, wall: datetime) -> int:
    """The number of the first shift that starts at `wall` or later."""
    if wall <= pattern.starts_at:
        return 0
    return shift_number(pattern, wall - timedelta.resolution) + 1


def worked_parts(
    windows: tuple[WeeklyWindow, ...], start: datetime, end: datetime
) -> list[Stretch]:
    """The parts of [start, end) inside the weekly windows, in order, touching ones joined."""
    if not windows:
        return [(start, end)]
    parts: list[Stretch] = []
    for opens, closes in takewhile(lambda window: window[0] < end, _openings(windows, start)):
        low, high = max(opens, start), min(closes, end)
        if parts and parts[-1][1] == low:
            parts[-1] = (parts[-1][0], high)
        else:
            parts.append((low, high))
    return parts


class Turns(Struct, frozen=True):
    """Counts worked shifts only, so that nobody loses every turn to a weekend that is not worked.

    The pattern and the week repeat together after `period` shifts; `counts[i]` is the number of
    worked shifts among the first i of a period.
    """

    period: int
    counts: tuple[int, ...]

    def before(self, number: int) -> int:
        """How many worked shifts there are before the shift `number`."""
        periods, rest = divmod(number, self.period)
        return periods * self.counts[-1] + self.counts[rest]


@lru_cache(maxsize=1024)
def turns(pattern: ShiftPattern, windows: tuple[WeeklyWindow, ...]) -> Turns:
    if not windows:
        return Turns(period=1, counts=(0, 1))
    cycle = sum(pattern.hours)
    period = lcm(cycle, WEEK // HOUR) // cycle * len(pattern.hours)
    starts = [shift_start(pattern, number) for number in range(period + 1)]
    worked = [bool(worked_parts(windows, *shift)) for shift in pairwise(starts)]
    return Turns(period=period, counts=tuple(accumulate(worked, initial=0)))


@lru_cache(maxsize=1024)
def _offsets(hours: tuple[int, ...]) -> tuple[timedelta, ...]:
    """Where each shift of a cycle starts, and last the length of the cycle."""
    return tuple(HOUR * total for total in accumulate(hours, initial=0))


def _openings(windows: tuple[WeeklyWindow, ...], wall: datetime) -> Iterator[Stretch]:
    """The windows week after week, from the first that has not closed at `wall`."""
    stretches = _stretches(windows)
    monday = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=wall.weekday())
    first = bisect_right(stretches, wall - monday, key=lambda stretch: stretch[1])
    for opens, closes in stretches[first:]:
        yield monday + opens, monday + closes
    while True:
        monday += WEEK
        for opens, closes in stretches:
            yield monday + opens, monday + closes


@lru_cache(maxsize=1024)
def _stretches(windows: tuple[WeeklyWindow, ...]) -> tuple[tuple[timedelta, timedelta], ...]:
    """The windows of one week from Monday, sorted, without overlaps."""
    merged: list[tuple[int, int]] = []
    for starts, ends in sorted(part for window in windows for part in _within_week(window)):
        if merged and starts <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((starts, ends))
    return tuple((timedelta(minutes=starts), timedelta(minutes=ends)) for starts, ends in merged)


def _within_week(window: WeeklyWindow) -> list[tuple[int, int]]:
    if window.starts < window.ends:
        return [(window.starts, window.ends)]
    return [(window.starts, MINUTES_IN_WEEK), (0, window.ends)]
