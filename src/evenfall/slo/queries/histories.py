"""How a budget went, hour by hour: for pictures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from django.db import connection

from evenfall.slo.logic.tallies import Part, Tally, burn
from evenfall.slo.logic.windows import Bounds, bounds
from evenfall.slo.queries.sums import minutes
from evenfall.slo.queries.tracking import Tracked

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_HOURS: Final = (
    "SELECT series_id, at, good, total FROM slo_hour_sum"
    " WHERE series_id = ANY(%s) AND at >= %s AND at < %s"
)


def rest_by_hour(item: Tracked) -> list[tuple[datetime, float | None]]:
    """What was left of the budget at the end of each hour of the window so far.

    Of a rolling window each point is of the window that ended then. Whole hours: one query, and
    one for each correction.
    """
    ends = list(_hours_between(_ceil(item.over.since) + _HOUR, item.over.until + _MINUTE))
    if not ends:
        return []
    over = Bounds(_ceil(_since(item, ends[0])), ends[-1])
    sums = {number: _Sums(known, over) for number, known in _hours(item, over).items()}
    return [(end, _rest(item, sums, Bounds(_ceil(_since(item, end)), end))) for end in ends]


class _Sums:
    """Prefix sums of hours: any window is a difference of two of them."""

    def __init__(self, known: Mapping[datetime, Tally], over: Bounds) -> None:
        self._since = over.since
        hours = [known.get(at, Tally()) for at in _hours_between(over.since, over.until)]
        self._good = [0.0, *accumulate(one.good for one in hours)]
        self._total = [0.0, *accumulate(one.total for one in hours)]

    def of(self, over: Bounds) -> Tally:
        low, high = ((at - self._since) // _HOUR for at in (over.since, over.until))
        return Tally(self._good[high] - self._good[low], self._total[high] - self._total[low])


def _rest(item: Tracked, sums: Mapping[int, _Sums], over: Bounds) -> float | None:
    spent = burn(
        [
            Part(tally=sums[one.series_id].of(over), allowed=one.allowed, weight=one.weight)
            for one in item.tracks
        ]
    )
    return None if spent is None else 1 - spent


def _since(item: Tracked, end: datetime) -> datetime:
    """When the window begins that counts at the end of an hour."""
    if item.promise.window.is_rolling:
        return bounds(item.promise.window, at=end).since
    return item.over.since


def _hours(item: Tracked, over: Bounds) -> dict[int, dict[datetime, Tally]]:
    """The hours of all series, without the minutes that were corrected."""
    ids = [track.series_id for track in item.tracks]
    found: dict[int, dict[datetime, Tally]] = {number: {} for number in ids}
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [ids, over.since, over.until])
        for series_id, at, good, total in cursor.fetchall():
            found[series_id][at] = Tally(good, total)
    for removed in item.removed_in(over):
        for number, known in minutes(ids, removed).items():
            gone: dict[datetime, Tally] = defaultdict(Tally)
            for at, tally in known.items():
                gone[at.replace(minute=0)] += tally
            for at, tally in gone.items():
                found[number][at] = found[number].get(at, Tally()).without(tally)
    return found


def _hours_between(since: datetime, until: datetime) -> Iterator[datetime]:
    """When the hours begin that begin from one instant on and before another."""
    at = since
    while at < until:
        yield at
        at += _HOUR


def _ceil(at: datetime) -> datetime:
    floor = at.replace(minute=0, second=0, microsecond=0)
    return floor if floor == at else floor + _HOUR
