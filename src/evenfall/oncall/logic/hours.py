"""Which hours of a duty were night, weekend or holiday where the person lives.

Days and nights are those of the clock on the wall there; the lengths are true lengths. In the
night in which the clocks go forward there is an hour less of night, and an hour less of duty.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.wall_clock import instant, reading

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SATURDAY = 5


class Class(StrEnum):
    """What an hour is; the first that fits counts."""

    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    NIGHT = "night"
    DAY = "day"


class Calendar(Struct, frozen=True, kw_only=True):
    """How one person's time is divided. The night is in minutes after midnight and may run over it.

    `is_holiday` says whether a day is a public holiday where the person lives.
    """

    zone: ZoneInfo
    night_starts: int = 22 * 60
    night_ends: int = 7 * 60
    is_holiday: Callable[[date], bool] = lambda _day: False

    def is_night(self, at: datetime) -> bool:
        """Whether the person is taken to be asleep at the instant."""
        wall = reading(at, self.zone)
        return self._is_night(wall.hour * 60 + wall.minute)

    def _is_night(self, minute: int) -> bool:
        if self.night_starts < self.night_ends:
            return self.night_starts <= minute < self.night_ends
        return minute >= self.night_starts or minute < self.night_ends

    def class_of(self, wall: datetime) -> Class:
        """The class of a moment on the wall, until the next edge of night or midnight."""
        if self.is_holiday(wall.date()):
            return Class.HOLIDAY
        if wall.weekday() >= SATURDAY:
            return Class.WEEKEND
        return Class.NIGHT if self._is_night(wall.hour * 60 + wall.minute) else Class.DAY

    def edges(self, day: date) -> Iterator[datetime]:
        """Where the class may change on this day, in order, from its midnight on."""
        midnight = datetime.combine(day, time.min)
        for minute in sorted({0, self.night_starts, self.night_ends}):
            yield midnight + timedelta(minutes=minute)


def divided(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> dict[Class, float]:
    """The hours of each class between two instants; together as long as the stretch."""
    hours = dict.fromkeys(Class, 0.0)
    for wall, low, high in _pieces(calendar, starts_at, ends_at):
        hours[calendar.class_of(wall)] += (high - low) / HOUR
    return hours


def _pieces(
    calendar: Calendar, starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """The stretch cut at every edge: the edge on the wall, and the two instants of the piece.

    A day more on either side is walked: around a change of the clocks the wall may show an
    earlier time at the end of a stretch than at its start.
    """
    for wall, following in pairwise(_edges(calendar, starts_at, ends_at)):
        low = max(instant(wall, calendar.zone), starts_at)
        high = min(instant(following, calendar.zone), ends_at)
        if low < high:
            yield wall, low, high


def _edges(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    day = reading(starts_at, calendar.zone).date() - DAY
    last = reading(ends_at, calendar.zone).date() + 2 * DAY
    while day <= last:
        yield from calendar.edges(day)
        day += DAY
