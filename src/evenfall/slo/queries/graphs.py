"""Counts over time, ready to be drawn: exact sums, a fixed number of queries for each picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from django.db import connection
from msgspec import Struct

from evenfall.platform.charts import Point
from evenfall.slo.logic.evaluation import Counts
from evenfall.slo.logic.pairs import Pair
from evenfall.slo.logic.pictures import Bucket, BurnLine
from evenfall.slo.logic.tallies import Part, Tally, burn, summed
from evenfall.slo.logic.windows import MINUTE, Bounds
from evenfall.slo.models import Objective
from evenfall.slo.queries.sums import Asked, window_sums
from evenfall.slo.queries.tracking import Track, Tracked, asked_of, counts_of, tracked

LOOK_BACK: Final = timedelta(days=1)
"""How far burns are drawn back."""
_HOUR: Final = timedelta(hours=1)
_WIDTHS: Final = (
    (timedelta(days=15), _HOUR),
    (timedelta(days=46), 3 * _HOUR),
    (timedelta.max, timedelta(days=1)),
)
"""How wide the parts of a picture are, up to a length of its window: a few for each millimetre."""
_QUICK: Final = 360
_QUICK_STEP: Final = timedelta(minutes=15)
_NOTHING: Final = Tally()
type _Sums = Mapping[Asked, Tally]
type _Parts = tuple[Part, ...]


class Drawn(Struct, frozen=True, kw_only=True):
    """`counts` are the sums that its standing was concluded from."""

    counts: Counts
    buckets: Sequence[Bucket]


def tracked_at(objective_id: int, *, at: datetime) -> Tracked:
    """An objective with what it is summed from, as of the end of a minute."""
    rows = Objective.objects.prefetch_related("members").filter(id=objective_id)
    return tracked(list(rows), at=at)[0]


def drawn(item: Tracked) -> Drawn:
    """Budget and errors over its window, from one query; a calendar window takes one more."""
    spans = _spans(item.over)
    sums = window_sums([*asked_of(item), *_all_asked(item, spans)])
    return Drawn(
        counts=counts_of([item], sums)[item.row.pk],
        buckets=[_bucket(item, span, sums) for span in spans],
    )


def burn_lines(item: Tracked) -> list[BurnLine]:
    """How fast it burned during the last day, for each pair of windows; one query."""
    times = _times_of(item)
    ends = {
        _before(at, length)
        for pair, ats in times.items()
        for at in ats
        for length in (pair.long, pair.short)
    }
    sums = window_sums(_all_asked(item, ends))
    return [_burn_line(item, pair, ats, sums) for pair, ats in times.items()]


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


def _spans(over: Bounds) -> list[Bounds]:
    """Parts of equal width with UTC edges, the first and the last one shorter."""
    width = next(width for longest, width in _WIDTHS if over.length <= longest)
    base = datetime(2000, 1, 1, tzinfo=over.since.tzinfo)
    at = over.since - (over.since - base) % width + width
    edges = [over.since]
    while at < over.until:
        edges.append(at)
        at += width
    return [Bounds(since, until) for since, until in pairwise([*edges, over.until])]


def _times_of(item: Tracked) -> dict[Pair, list[datetime]]:
    """When the burns of each pair are drawn: each quarter of an hour, of long windows hourly."""
    return {one.pair: _times(item.over.until, one.pair.long) for one in item.pairs}


def _times(until: datetime, long: int) -> list[datetime]:
    step = _QUICK_STEP if long <= _QUICK else _HOUR
    return [until - number * step for number in range(LOOK_BACK // step, -1, -1)]


def _before(at: datetime, length: int) -> Bounds:
    return Bounds(at - length * MINUTE, at)


def _bucket(item: Tracked, span: Bounds, sums: _Sums) -> Bucket:
    parts, raw = _parts(item, span, sums)
    return Bucket(since=span.since, until=span.until, parts=parts, raw=raw)


def _burn_line(item: Tracked, pair: Pair, ats: Sequence[datetime], sums: _Sums) -> BurnLine:
    def burns(length: int) -> list[Point]:
        return [(at, burn(_parts(item, _before(at, length), sums)[0])) for at in ats]

    return BurnLine(pair=pair, long=burns(pair.long), short=burns(pair.short))


def _all_asked(item: Tracked, spans: Iterable[Bounds]) -> Iterator[Asked]:
    return (one for span in spans for one in _asked(item, span))


def _asked(item: Tracked, span: Bounds) -> list[Asked]:
    every = [span, *item.removed_in(span)]
    return [Asked(track.series_id, over) for over in every for track in item.tracks]


def _parts(item: Tracked, span: Bounds, sums: _Sums) -> tuple[_Parts, _Parts]:
    """What was counted in a time, without what was corrected and with it."""
    raw = tuple(
        Part(
            tally=sums.get(Asked(track.series_id, span), _NOTHING),
            allowed=track.allowed,
            weight=track.weight,
        )
        for track in item.tracks
    )
    removed = list(item.removed_in(span))
    return (_without(item, raw, removed, sums) if removed else raw), raw


def _without(item: Tracked, raw: _Parts, removed: Sequence[Bounds], sums: _Sums) -> _Parts:
    return tuple(
        Part(
            tally=part.tally.without(
                summed(sums.get(Asked(track.series_id, one), _NOTHING) for one in removed)
            ),
            allowed=part.allowed,
            weight=part.weight,
        )
        for part, track in zip(raw, item.tracks, strict=True)
    )
