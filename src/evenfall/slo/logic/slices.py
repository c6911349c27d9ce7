"""Slices of time: each is good or bad, or counts with its ratio.

A slice in which there was nothing to count (no data, or no traffic) follows the rule of the
objective: good, bad, or not counted at all. Of a composite one bad member makes the slice bad;
ratios add their shortfalls, each times its weight, up to 100 %. (OpenSLO v1.)
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from evenfall.slo.logic.spec import Method, NoData, Promise
from evenfall.slo.logic.tallies import Tally, summed
from evenfall.slo.logic.windows import MINUTE

type Minutes = Mapping[datetime, Tally]


class SliceMember(Struct, frozen=True, kw_only=True):
    """The minutes of one indicator, when a slice of it is good, what it weighs."""

    minutes: Minutes
    target: float
    weight: float = 1.0


def slice_floor(at: datetime, promise: Promise) -> datetime:
    """When the slice begins that this instant is in; slices fill each hour."""
    return at - (at.astimezone(UTC) - _HOURS) % promise.slice


def slice_ceil(at: datetime, promise: Promise) -> datetime:
    floor = slice_floor(at, promise)
    return floor if floor == at else floor + promise.slice


def slices(
    promise: Promise, members: Sequence[SliceMember], *, since: datetime, until: datetime
) -> dict[datetime, Tally]:
    """The whole slices between two instants, by when they begin, as (good, 1)."""
    found = {}
    for at in _starts(promise, since, until):
        ratios = [(member, _ratio(member.minutes, at, promise.slice)) for member in members]
        good = _good(promise, [(member, ratio) for member, ratio in ratios if ratio is not None])
        if good is not None:
            found[at] = Tally(good, 1.0)
    return found


def _good(promise: Promise, known: Sequence[tuple[SliceMember, float]]) -> float | None:
    if not known:
        return {NoData.GOOD: 1.0, NoData.BAD: 0.0, NoData.SKIP: None}[promise.no_data]
    if promise.method is Method.TIMESLICES:
        return 1.0 if all(ratio >= member.target for member, ratio in known) else 0.0
    return 1.0 - min(1.0, sum(member.weight * (1.0 - ratio) for member, ratio in known))


def _ratio(minutes: Minutes, at: datetime, length: timedelta) -> float | None:
    inside = (minutes.get(at + number * MINUTE) for number in range(length // MINUTE))
    tally = summed(one for one in inside if one is not None)
    ratio = tally.error_ratio
    return None if ratio is None else 1.0 - ratio


def _starts(promise: Promise, since: datetime, until: datetime) -> Iterator[datetime]:
    at = slice_ceil(since, promise)
    while at + promise.slice <= until:
        yield at
        at += promise.slice


_HOURS = datetime(2000, 1, 1, tzinfo=UTC)
