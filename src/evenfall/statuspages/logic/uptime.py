"""Uptime is time in a status, by the weights of the page; time without data is not uptime.

Overlapping statements are settled first: at each moment the worst one counts, once. All sums are
whole microseconds and fractions, so that a figure is exactly what the recorded time says.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from evenfall.statuspages.logic.words import Status, worst

DAYS = 90
_ZERO = timedelta()


class Said(Struct, frozen=True, kw_only=True):
    """Somebody says that this is the status from `starts_at` until `ends_at` (None: still)."""

    status: Status
    starts_at: datetime
    ends_at: datetime | None = None


class Stretch(Struct, frozen=True, kw_only=True):
    """A time in which one status counts. Stretches do not overlap."""

    status: Status
    starts_at: datetime
    ends_at: datetime

    @property
    def took(self) -> timedelta:
        return self.ends_at - self.starts_at


class Weights(Struct, frozen=True, kw_only=True):
    """How much of a minute in this status counts as a minute of downtime, 0 to 1."""

    major: Fraction = Fraction(1)
    partial: Fraction = Fraction(3, 10)
    degraded: Fraction = Fraction(0)

    def of(self, status: Status) -> Fraction:
        known = {
            Status.MAJOR: self.major,
            Status.PARTIAL: self.partial,
            Status.DEGRADED: self.degraded,
        }
        return known.get(status, Fraction(0))


class Measured(Struct, frozen=True, kw_only=True):
    """How long each status counted. What is missing in `took` took no time."""

    took: Mapping[Status, timedelta] = field(default_factory=dict)

    @property
    def known(self) -> timedelta:
        """The time of which something is known."""
        return sum((t for s, t in self.took.items() if s is not Status.UNKNOWN), _ZERO)

    @property
    def maintenance(self) -> timedelta:
        return self.took.get(Status.MAINTENANCE, _ZERO)

    def downtime(self, weights: Weights) -> Fraction:
        """Weighted, in microseconds; without maintenance."""
        return sum((weights.of(s) * micros(t) for s, t in self.took.items()), Fraction(0))

    def uptime(self, weights: Weights, *, counts_maintenance: bool) -> Fraction | None:
        """Between 0 and 1; None without data.

        Maintenance is downtime if it counts, else it is left out of the whole.
        """
        aside = Fraction(micros(self.maintenance))
        down = self.downtime(weights) + (aside if counts_maintenance else 0)
        whole = micros(self.known) - (0 if counts_maintenance else aside)
        return None if whole <= 0 else 1 - down / whole


class Day(Struct, frozen=True, kw_only=True):
    """A day of the page's zone; it has 23 to 25 hours. `worst` counted at some time of it."""

    day: date
    worst: Status
    measured: Measured


def micros(took: timedelta) -> int:
    return took // timedelta(microseconds=1)


def stretches(said: Iterable[Said], *, since: datetime, until: datetime) -> list[Stretch]:
    """Cover the time from since to until, without gaps: where nobody says anything, UNKNOWN."""
    known = [one for one in said if _clipped(one, since, until)]
    edges = sorted({since, until, *_edges(known, since, until)})
    found: list[Stretch] = []
    for start, end in itertools.pairwise(edges):
        status = worst([one.status for one in known if _covers(one, start)])
        _append(found, Stretch(status=status, starts_at=start, ends_at=end))
    return found


def measure(parts: Iterable[Stretch], *, since: datetime, until: datetime) -> Measured:
    """Sum what lies between since and until."""
    took: dict[Status, timedelta] = {}
    for part in parts:
        inside = min(part.ends_at, until) - max(part.starts_at, since)
        if inside > _ZERO:
            took[part.status] = took.get(part.status, _ZERO) + inside
    return Measured(took=took)


def together(measured: Iterable[Measured]) -> Measured:
    """The sum of several components: a group whose figure is their mean."""
    took: dict[Status, timedelta] = {}
    for one in measured:
        for status, time_in in one.took.items():
            took[status] = took.get(status, _ZERO) + time_in
    return Measured(took=took)


def all_up(lines: Sequence[Sequence[Said]]) -> list[Said]:
    """One line for a group that is up only if each component is: the worst of all at any time."""
    return [one for line in lines for one in line]


def days(parts: Sequence[Stretch], *, zone: ZoneInfo, until: datetime, count: int) -> list[Day]:
    """The last `count` days of the zone, the one of `until` last and as far as it went."""
    last = until.astimezone(zone).date()
    return [
        _day(parts, last - timedelta(days=back), zone, until) for back in reversed(range(count))
    ]


def first_moment(zone: ZoneInfo, *, until: datetime, count: int) -> datetime:
    """When the first of the last `count` days begins, UTC."""
    return _midnight(until.astimezone(zone).date() - timedelta(days=count - 1), zone)


def percent(uptime: Fraction | None) -> str:
    """Say 99.95 %, rounded down: only what was up all the time is 100 %; "" without data."""
    if uptime is None:
        return ""
    hundredths = int(uptime * 10_000)
    text = f"{hundredths // 100}.{hundredths % 100:02}".removesuffix(".00")
    return f"{text}\N{NO-BREAK SPACE}%"


def _day(parts: Sequence[Stretch], day: date, zone: ZoneInfo, until: datetime) -> Day:
    starts = _midnight(day, zone)
    ends = min(_midnight(day + timedelta(days=1), zone), until)
    measured = measure(parts, since=starts, until=ends)
    return Day(day=day, worst=worst(list(measured.took)), measured=measured)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _clipped(one: Said, since: datetime, until: datetime) -> bool:
    ends = one.ends_at or until
    return one.starts_at < until and ends > since and ends > one.starts_at


def _edges(known: Iterable[Said], since: datetime, until: datetime) -> Iterable[datetime]:
    for one in known:
        yield max(one.starts_at, since)
        yield min(one.ends_at or until, until)


def _covers(one: Said, moment: datetime) -> bool:
    return one.starts_at <= moment and (one.ends_at is None or one.ends_at > moment)


def _append(found: list[Stretch], part: Stretch) -> None:
    """Add a stretch, or make the last one longer where it says the same."""
    if found and found[-1].status is part.status:
        last = found.pop()
        part = Stretch(status=part.status, starts_at=last.starts_at, ends_at=part.ends_at)
    found.append(part)
