"""Hours of the week as people write them: some days, from one time until another.

Monday to Friday from 09:00 to 17:00 is one line, and five weekly windows.
"""

from collections.abc import Iterable, Iterator
from datetime import time

from msgspec import Struct

from evenfall.oncall.logic.spec import MINUTES_IN_WEEK, WeeklyWindow

MINUTES_IN_DAY = 24 * 60


class HoursLine(Struct, frozen=True):
    """The hours begin on each of the days, 0 for Monday.

    Hours that do not end after they start end on the next day; the same time twice is 24 hours.
    """

    days: frozenset[int]
    starts: time
    ends: time


def as_windows(lines: Iterable[HoursLine]) -> tuple[WeeklyWindow, ...]:
    windows = (_window(line, day) for line in lines for day in line.days)
    return tuple(sorted(windows, key=lambda window: window.starts))


def as_lines(windows: Iterable[WeeklyWindow]) -> tuple[HoursLine, ...]:
    """The lines that say the same as the windows, the earliest in the week first."""
    days: dict[tuple[int, int], set[int]] = {}
    for starts, ends in sorted(part for window in windows for part in _daily(window)):
        day, minute = divmod(starts, MINUTES_IN_DAY)
        days.setdefault((minute, ends % MINUTES_IN_DAY), set()).add(day)
    return tuple(
        HoursLine(frozenset(found), _time(starts), _time(ends))
        for (starts, ends), found in days.items()
    )


def _window(line: HoursLine, day: int) -> WeeklyWindow:
    starts = day * MINUTES_IN_DAY + _minute(line.starts)
    ends = day * MINUTES_IN_DAY + _minute(line.ends)
    if ends <= starts:
        ends += MINUTES_IN_DAY
    return WeeklyWindow(starts=starts, ends=ends % MINUTES_IN_WEEK)


def _daily(window: WeeklyWindow) -> Iterator[tuple[int, int]]:
    """The window in parts of at most a day, cut at midnights where it is longer."""
    starts, ends = window.starts, window.ends
    if ends <= starts:
        ends += MINUTES_IN_WEEK
    while ends - starts > MINUTES_IN_DAY:
        midnight = (starts // MINUTES_IN_DAY + 1) * MINUTES_IN_DAY
        yield starts % MINUTES_IN_WEEK, midnight
        starts = midnight
    yield starts % MINUTES_IN_WEEK, ends


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _time(minute: int) -> time:
    return time(*divmod(minute, 60))
