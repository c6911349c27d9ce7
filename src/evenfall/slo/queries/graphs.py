"""Counts over time, ready to be drawn: exact sums, a fixed number of queries for each picture."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from django.db import connection

from evenfall.slo.logic.evaluation import Counts
from evenfall.slo.logic.pictures import Bucket, BurnLine
from evenfall.slo.logic.tallies import Part, Tally, burn, summed
from evenfall.slo.logic.windows import MINUTE, Bounds
from evenfall.slo.models import Objective
from evenfall.slo.queries.sums import Asked, window_sums
from evenfall.slo.queries.tracking import Track, Tracked, counts_of, tracked

LOOK_BACK: Final = timedelta(days=1)
"""How far burns are drawn back."""
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MOST_HOURS: Final = timedelta(days=46)
_QUICK: Final = 360
_QUICK_STEP: Final = timedelta(minutes=15)


def tracked_at(objective_id: int, *, at: datetime) -> Tracked:
    """An objective with what it is summed from, as of the end of a minute."""
    rows = Objective.objects.prefetch_related("members").filter(id=objective_id)
    return tracked(list(rows), at=at)[0]


def counts_at(item: Tracked) -> Counts:
    """Its sums: the same that its standing was concluded from."""
    return counts_of([item])[item.row.pk]


def buckets(
    item: Tracked, over: Bounds | None = None, width: timedelta | None = None
) -> list[Bucket]:
    """Its counts by hour, or by day over more than six weeks; UTC edges, the last one shorter."""
    over = over or item.over
    width = width or (_HOUR if over.length <= _MOST_HOURS else _DAY)
    edges = _edges(over, width)
    spans = [Bounds(since, until) for since, until in pairwise(edges)]
    sums = window_sums([one for span in spans for one in _asked(item, span)])
    return [
        Bucket(
            since=span.since,
            until=span.until,
            parts=tuple(_part(item, track, span, sums) for track in item.tracks),
            raw=tuple(_part(item, track, span, sums, raw=True) for track in item.tracks),
        )
        for span in spans
    ]


def burn_lines(item: Tracked) -> list[BurnLine]:
    """The burns of each pair over the last day: each quarter of an hour, of long windows hourly."""
    pairs = [one.pair for one in item.pairs]
    times = {pair: _times(item.over.until, pair.long) for pair in pairs}
    spans = {
        Bounds(at - length * MINUTE, at)
        for pair in pairs
        for at in times[pair]
        for length in (pair.long, pair.short)
    }
    sums = window_sums([one for span in spans for one in _asked(item, span)])

    def burn_at(at: datetime, length: int) -> float | None:
        span = Bounds(at - length * MINUTE, at)
        return burn([_part(item, track, span, sums) for track in item.tracks])

    return [
        BurnLine(
            pair=pair,
            long=[(at, burn_at(at, pair.long)) for at in times[pair]],
            short=[(at, burn_at(at, pair.short)) for at in times[pair]],
        )
        for pair in pairs
    ]


def hour_sums(series_ids: Sequence[int], over: Bounds) -> dict[int, dict[datetime, Tally]]:
    """The sums of whole UTC hours, by series and when the hour begins; one query."""
    found: dict[int, dict[datetime, Tally]] = {number: {} for number in series_ids}
    sql = (
        "SELECT series_id, at, good, total FROM slo_hour_sum"
        " WHERE series_id = ANY(%s) AND at >= %s AND at < %s ORDER BY series_id, at"
    )
    if found:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(found), over.since, over.until])
            for series_id, at, good, total in cursor.fetchall():
                found[series_id][at] = Tally(good, total)
    return found


def tracks_of(objective_ids: Sequence[int], *, at: datetime) -> dict[int, tuple[Track, ...]]:
    """What these objectives are summed from; three queries for all."""
    rows = Objective.objects.prefetch_related("members").filter(id__in=objective_ids)
    return {item.row.pk: item.tracks for item in tracked(list(rows), at=at)}


def _edges(over: Bounds, width: timedelta) -> list[datetime]:
    base = datetime(2000, 1, 1, tzinfo=over.since.tzinfo)
    at = over.since - (over.since - base) % width + width
    edges = [over.since]
    while at < over.until:
        edges.append(at)
        at += width
    return [*edges, over.until]


def _times(until: datetime, long: int) -> list[datetime]:
    step = _QUICK_STEP if long <= _QUICK else _HOUR
    return [until - number * step for number in range(LOOK_BACK // step, -1, -1)]


def _asked(item: Tracked, span: Bounds) -> list[Asked]:
    every = [span, *item.removed_in(span)]
    return [Asked(track.series_id, over) for over in every for track in item.tracks]


def _part(
    item: Tracked, track: Track, span: Bounds, sums: dict[Asked, Tally], *, raw: bool = False
) -> Part:
    tally = sums.get(Asked(track.series_id, span), Tally())
    removed = [] if raw else list(item.removed_in(span))
    if removed:
        gone = summed(sums.get(Asked(track.series_id, one), Tally()) for one in removed)
        tally = tally.without(gone)
    return Part(tally=tally, allowed=track.allowed, weight=track.weight)
