"""A weekly window of wall-clock time in one zone: "Monday to Friday, 09:00 to 17:00, Lisbon"."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

WORKING_DAYS = frozenset(range(5))
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_TO_LOOK = 9  # a week, the day before, and one day that a clock change may swallow


class WeeklyWindow(Struct, frozen=True, kw_only=True):
    """Open on `days` (0 is Monday) from `start` up to but not including `end`, local time.

    An `end` at or before `start` lies on the following day; the window belongs to the day it
    starts on. Local times are compared as the clock on the wall shows them, so a window keeps its
    hours over every change of daylight-saving time.
    """

    zone: str
    days: frozenset[int]
    start: time
    end: time

    def contains(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone))
        clock, today = local.time(), local.weekday()
        if self.start < self.end:
            return today in self.days and self.start <= clock < self.end
        yesterday = (today - 1) % 7
        return (today in self.days and clock >= self.start) or (
            yesterday in self.days and clock < self.end
        )

    def next_open(self, at: datetime) -> datetime:
        """The first instant (UTC) at or after `at` inside the window.

        A start that a clock change skips (02:30 on a night that has none) counts from the first
        instant after the gap; a window that lies wholly in the gap opens on its next day. A
        window that never opens within nine days answers `at`: a notice late is worse than early.
        """
        if self.contains(at):
            return at
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        starts = (
            datetime.combine(today + timedelta(days=n), self.start, tzinfo=zone).astimezone(UTC)
            for n in range(DAYS_TO_LOOK)
        )
        return next((s for s in starts if s >= at and self.contains(s)), at)


def is_zone(name: str) -> bool:
    """Whether this is a time zone that can be computed with."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


class OpenHours(Struct, frozen=True, kw_only=True):
    """When somebody may be disturbed with what is not urgent; the rest are quiet hours.

    Local time of the person; `days`, `start` and `end` as in `WeeklyWindow`.
    """

    days: frozenset[int] = WORKING_DAYS
    start: time = time(9)
    end: time = time(17)

    def window(self, zone: str) -> WeeklyWindow:
        return WeeklyWindow(zone=zone, days=self.days, start=self.start, end=self.end)

    def words(self) -> str:
        """Such as "Monday to Friday, 09:00 to 17:00"."""
        return f"{_day_words(self.days)}, {self.start:%H:%M} to {self.end:%H:%M}"


def _day_words(days: frozenset[int]) -> str:
    if len(days) == len(DAY_NAMES):
        return "Every day"
    first, last = min(days), max(days)
    if len(days) > 2 and days == frozenset(range(first, last + 1)):  # noqa: PLR2004 - "a and b" reads better for two
        return f"{DAY_NAMES[first]} to {DAY_NAMES[last]}"
    names = [DAY_NAMES[day] for day in sorted(days)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
