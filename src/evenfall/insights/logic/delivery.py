"""The five measures of delivery (DORA, since 2024), from records of deploys to production.

- Change lead time: from the oldest commit that a deploy brought to its arrival; a commit or version
  counts when it arrives first.
- Deployment frequency: see `frequency`.
- Change fail rate: different deploys that people say caused an incident, or that were rolled back,
  of all that arrived. A deploy that failed in its pipeline reached nobody and counts in neither,
  unless it caused an incident.
- Failed deployment recovery time: from the beginning of the harm (the first incident, else the
  deploy) until it was rolled back or the harm ended.
- Deployment rework rate: unplanned deploys, made because of an incident or a mistake that users
  met, of all that arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.insights.logic.frequency import Frequency, frequency
from evenfall.insights.logic.shares import Distribution, Share, distribution, share

_DAY: Final = timedelta(days=1)


class Harm(Struct, frozen=True):
    """An incident that came from a deploy; `ended_at` is None while it goes on."""

    began_at: datetime
    ended_at: datetime | None


class Deployed(NamedTuple):
    """A deploy to production that ended. `is_guessed`: the best suspect of an incident only.

    A tuple, since a year of them is made for one page.
    """

    id: int
    service_id: int | None
    ended_at: datetime
    has_failed: bool
    what: str
    """Its commit or version; "" where nobody said."""
    first_commit_at: datetime | None
    is_unplanned: bool
    did_harm: bool
    undone_at: datetime | None
    harms: Sequence[Harm] = ()
    is_guessed: bool = False

    @property
    def recovery(self) -> timedelta | None:
        """How long it took to recover; None where it did no harm, or still does."""
        began = min((harm.began_at for harm in self.harms), default=self.ended_at)
        ends = [harm.ended_at for harm in self.harms]
        over = [at for at in ends if at is not None]
        ended = self.undone_at or (max(over) if over and len(over) == len(ends) else None)
        return None if ended is None else max(ended - began, timedelta(0))


class Delivery(Struct, frozen=True, kw_only=True):
    """The five and what they stand on. None is unknown: there were no records to tell it from.

    `ongoing` failed deploys have not recovered yet. `guessed` is the fail rate if the likeliest
    suspects that nobody judged were counted too. `green` is of all that ended, the rest of all that
    arrived. `without_commit` are first arrivals whose oldest commit nobody told.
    """

    deploys: int
    lead_time: Distribution | None
    frequency: Frequency | None
    fail_rate: Share | None
    recovery: Distribution | None
    ongoing: int
    rework: Share | None
    green: Share | None
    guessed: Share | None
    without_commit: Share | None


def measure(deploys: Iterable[Deployed], *, first: date, last: date, zone: ZoneInfo) -> Delivery:
    """Measure deploys of the days from first to last, both included, in a zone."""
    ended = sorted(deploys, key=attrgetter("ended_at"))
    arrived = arrivals(ended)
    fresh = _first_arrivals(arrived)
    led = _leads(fresh)
    failed = [one for one in arrived if one.did_harm or one.undone_at is not None]
    recoveries = [one.recovery for one in failed]
    n = len(arrived)
    return Delivery(
        deploys=n,
        lead_time=distribution(led),
        frequency=frequency(_days(arrived, zone), n=n, first=first, last=last),
        fail_rate=share(len(failed), n),
        recovery=distribution(length for length in recoveries if length is not None),
        ongoing=recoveries.count(None),
        rework=share([one.is_unplanned for one in arrived].count(True), n),
        green=share(_ended_well(ended) - _ended_well(failed), len(ended)),
        guessed=share(len(failed) + _guessed(arrived) - _guessed(failed), n),
        without_commit=share(len(fresh) - len(led), len(fresh)),
    )


def arrivals(deploys: Iterable[Deployed]) -> list[Deployed]:
    """Those that reached production: what failed on its way and did harm was there."""
    return [one for one in deploys if not one.has_failed or one.did_harm]


def _ended_well(deploys: Iterable[Deployed]) -> int:
    return [one.has_failed for one in deploys].count(False)


def _guessed(deploys: Iterable[Deployed]) -> int:
    return [one.is_guessed for one in deploys].count(True)


def _days(arrived: Sequence[Deployed], zone: ZoneInfo) -> list[date]:
    """The different days on which any of them arrived; they are in the order of their ends.

    Only the first of each day is put into the zone: a busy installation deploys a hundred times.
    """
    days: list[date] = []
    over = datetime.min.replace(tzinfo=UTC)
    for one in arrived:
        if one.ended_at >= over:
            days.append(one.ended_at.astimezone(zone).date())
            over = datetime.combine(days[-1] + _DAY, time.min, zone).astimezone(UTC)
    return days


def _first_arrivals(arrived: Iterable[Deployed]) -> list[Deployed]:
    """Leave out what was in production before: a roll-back, or the same version once more."""
    known: set[tuple[int | None, str]] = set()
    fresh = []
    for one in arrived:
        if one.what:
            name = (one.service_id, one.what)
            if name in known:
                continue
            known.add(name)
        fresh.append(one)
    return fresh


def _leads(deploys: Iterable[Deployed]) -> list[timedelta]:
    """How long each oldest commit waited; a commit from the future is a clock that is wrong."""
    return [
        one.ended_at - one.first_commit_at
        for one in deploys
        if one.first_commit_at is not None and one.first_commit_at <= one.ended_at
    ]
