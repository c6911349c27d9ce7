"""Business time: the hours in which a team works, on the wall of its zone.

A calendar has dated versions. Each moment is measured by the version that was in force then, so
that a change of today leaves what is over as it was. Hours are laid out on the wall and become
instants at the very end: a window in which the clocks change is as long as it really was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.public_holidays import is_holiday
from evenfall.platform.wall_clock import YEARS, instant, reading

DAY_MINUTES = 24 * 60
ALWAYS = datetime(YEARS.start, 1, 2, tzinfo=UTC)
NEVER = datetime(YEARS.stop - 1, 1, 1, tzinfo=UTC)
"""When something happens that no business time is left for."""
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)

type Window = tuple[datetime, datetime]


class Hours(Struct, frozen=True, order=True):
    """A part of one weekday, 0 for Monday; minutes after midnight, 1440 for its end.

    A lunch break is the gap between two of them.
    """

    day: int
    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Version:
    """The hours of a calendar from `since` until the next version.

    `hours` are sorted and do not overlap. The holidays are those of `country` and `region` (ISO
    3166, empty for none) and the `company_days`.
    """

    zone: ZoneInfo
    hours: tuple[Hours, ...]
    country: str = ""
    region: str = ""
    company_days: frozenset[date] = frozenset()
    since: datetime = ALWAYS
    _days: dict[date, tuple[Window, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def windows(self, day: date) -> tuple[Window, ...]:
        """The business hours of a day of the zone, as instants."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = tuple(self._laid_out(day))
        return known

    def is_free(self, day: date) -> bool:
        """Whether it is a holiday."""
        return day in self.company_days or is_holiday(self.country, self.region)(day)

    def _laid_out(self, day: date) -> Iterator[Window]:
        of_day = [hours for hours in self.hours if hours.day == day.weekday()]
        if not of_day or self.is_free(day):
            return
        midnight = datetime.combine(day, time())
        for hours in of_day:
            starts = instant(midnight + timedelta(minutes=hours.starts), self.zone)
            ends = instant(midnight + timedelta(minutes=hours.ends), self.zone)
            if starts < ends:  # all of it may be skipped when the clocks go forward
                yield starts, ends


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Versions in the order of time; the first one counts for everything before it too."""

    versions: tuple[Version, ...]

    @cached_property
    def reigns(self) -> Sequence[tuple[Version, datetime, datetime, date]]:
        """Each version with the instants between which it is in force, and its last day."""
        starts = [ALWAYS, *(version.since for version in self.versions[1:]), NEVER]
        return [
            (version, begins, ends, reading(ends, version.zone).date())
            for version, (begins, ends) in zip(self.versions, pairwise(starts), strict=True)
        ]


AROUND_THE_CLOCK = Calendar(
    versions=(
        Version(zone=ZoneInfo("UTC"), hours=tuple(Hours(day, 0, DAY_MINUTES) for day in range(7))),
    )
)
WORKING_WEEK = tuple(
    Hours(day, starts, ends)
    for day in range(5)
    for starts, ends in ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60))
)
"""Monday to Friday, eight hours with a lunch break."""


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The business time from `start` until `end`, both aware; nothing when they are reversed."""
    total = _NOTHING
    for starts, ends in _windows(calendar, start):
        if starts >= end:
            break
        total += min(ends, end) - starts
    return total


def add_business_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The first instant (UTC) at which so much business time has passed since `start`.

    `NEVER` when there is none left; a calendar has hours in every week, so that means centuries.
    """
    return instants_after(calendar, start, [duration])[0]


def instants_after(
    calendar: Calendar, start: datetime, durations: Sequence[timedelta]
) -> list[datetime]:
    """As `add_business_time` for each of these, the shortest first, in one walk."""
    windows = _windows(calendar, start)
    starts = ends = start.astimezone(UTC)
    passed, found = _NOTHING, list[datetime]()
    for duration in durations:
        left = duration - passed
        while left > ends - starts:
            left -= ends - starts
            passed += ends - starts
            window = next(windows, None)
            if window is None:
                return [*found, *[NEVER] * (len(durations) - len(found))]
            starts, ends = window
        found.append(starts + max(left, _NOTHING))
    return found


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether people work at this instant."""
    found = next(_windows(calendar, at), None)
    return found is not None and found[0] <= at


def _windows(calendar: Calendar, start: datetime) -> Iterator[Window]:
    """What is left of the business hours after `start`, in the order of time, UTC."""
    start = start.astimezone(UTC)
    for version, begins, ends, last in calendar.reigns:
        if ends > start:
            yield from _clipped(version, max(begins, start), ends, last)


def _clipped(version: Version, begins: datetime, until: datetime, last: date) -> Iterator[Window]:
    day = reading(begins, version.zone).date()
    while day <= last:
        for starts, ends in version.windows(day):
            first, end = max(starts, begins), min(ends, until)
            if first < end:
                yield first, end
        day += _DAY
