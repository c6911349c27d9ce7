"""Sums of counts over many windows at once, in one statement.

A window is cut into whole days, whole hours and the minutes at its edges, so that a quarter of a
year costs hardly more rows than a day. All windows are exact to the minute.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Final, NamedTuple

from django.db import connection

from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import Bounds

_DAY: Final = 1440
_HOUR: Final = 60
_MINUTES, _HOURS, _DAYS = 0, 1, 2
# LATERAL with an aggregate inside: the times of a piece become conditions of the index, and only
# the partition that holds them is looked at. As a plain join they would be filters afterwards.
_SUMS: Final = """
WITH piece AS MATERIALIZED (
    SELECT plan, number, width, to_timestamp(first * 60::float8) AS since,
           to_timestamp(last * 60::float8) AS until
      FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
        AS piece (plan, number, width, first, last)
), asked AS MATERIALIZED (
    SELECT series_id, piece.* FROM unnest(%s::int[], %s::int[]) AS one (series_id, plan)
      JOIN piece USING (plan)
)
SELECT asked.series_id, number, sums.* FROM asked CROSS JOIN LATERAL (
    SELECT sum(good) AS good, sum(total) AS total FROM slo_count AS tally
     WHERE tally.series_id = asked.series_id AND at >= since AND at < until) AS sums
 WHERE width = 0 AND sums.total IS NOT NULL
UNION ALL
SELECT asked.series_id, number, sums.* FROM asked CROSS JOIN LATERAL (
    SELECT sum(good) AS good, sum(total) AS total FROM slo_hour_sum AS tally
     WHERE tally.series_id = asked.series_id AND at >= since AND at < until) AS sums
 WHERE width = 1 AND sums.total IS NOT NULL
UNION ALL
SELECT asked.series_id, number, sums.* FROM asked CROSS JOIN LATERAL (
    SELECT sum(good) AS good, sum(total) AS total FROM slo_day_sum AS tally
     WHERE tally.series_id = asked.series_id AND at >= since AND at < until) AS sums
 WHERE width = 2 AND sums.total IS NOT NULL
"""
# its width, its first minute, and the minute after its last, since 1970 (UTC)
type _Piece = tuple[int, int, int]
type _Plan = tuple[Bounds, ...]
type _Known = Mapping[tuple[int, int], tuple[float, float]]


class Asked(NamedTuple):
    """One window of one series; whole minutes."""

    series_id: int
    over: Bounds


def window_sums(asked: Iterable[Asked]) -> dict[Asked, Tally]:
    """The sums of all windows; those of which nothing is known are not there. One query.

    Windows that end together share pieces: each is summed once for a series. Most series are
    asked for the same windows, so what is sent names a plan for each and not every piece.
    """
    windows: dict[int, dict[Bounds, None]] = defaultdict(dict)
    for series_id, over in asked:
        windows[series_id][over] = None
    if not windows:
        return {}
    plans: dict[_Plan, int] = {}
    series = [(one, plans.setdefault(tuple(overs), len(plans))) for one, overs in windows.items()]
    cut = {over: tuple(_pieces(over)) for over in {over for plan in plans for over in plan}}
    every = dict.fromkeys(piece for pieces in cut.values() for piece in pieces)
    numbers = {piece: number for number, piece in enumerate(every)}
    pieces = [
        (number, numbers[piece], *piece)
        for plan, number in plans.items()
        for piece in dict.fromkeys(piece for over in plan for piece in cut[over])
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [*_columns(pieces, 5), *_columns(series, 2)])
        known = {(one, number): (good, total) for one, number, good, total in cursor.fetchall()}
    wanted = {over: [numbers[piece] for piece in found] for over, found in cut.items()}
    return {
        Asked(one, over): tally
        for one, overs in windows.items()
        for over in overs
        if (tally := _sum(one, wanted[over], known)) is not None
    }


def _sum(series_id: int, numbers: Sequence[int], known: _Known) -> Tally | None:
    found = [one for number in numbers if (one := known.get((series_id, number))) is not None]
    if not found:
        return None
    return Tally(sum([good for good, _ in found]), sum([total for _, total in found]))


def minutes(series_ids: Sequence[int], over: Bounds) -> dict[int, dict[datetime, Tally]]:
    """All counts of these series in a time, by series; one query."""
    found: dict[int, dict[datetime, Tally]] = {number: {} for number in series_ids}
    sql = (
        "SELECT series_id, at, good, total FROM slo_count"
        " WHERE series_id = ANY(%s) AND at >= %s AND at < %s ORDER BY series_id, at"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(series_ids), over.since, over.until])
        for series_id, at, good, total in cursor.fetchall():
            found[series_id][at] = Tally(good, total)
    return found


def day_totals(series_ids: Sequence[int], over: Bounds) -> Mapping[int, Mapping[datetime, float]]:
    """The totals of whole UTC days, by series; one query."""
    found: dict[int, dict[datetime, float]] = {number: {} for number in series_ids}
    sql = (
        "SELECT series_id, at, total FROM slo_day_sum"
        " WHERE series_id = ANY(%s) AND at >= %s AND at + interval '1 day' <= %s"
    )
    if series_ids:
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(series_ids), over.since, over.until])
            for series_id, at, total in cursor.fetchall():
                found[series_id][at] = total
    return found


def _pieces(over: Bounds) -> Iterator[_Piece]:
    """Minutes up to the hour, hours up to the day, days, hours, minutes; empty ones left out.

    Numbers of minutes and no times: a picture cuts a thousand windows.
    """
    since, until = _minute(over.since), _minute(over.until)
    first_hour, last_hour = _ceil(since, _HOUR), until - until % _HOUR
    if first_hour >= last_hour:
        yield (_MINUTES, since, until)
        return
    first_day, last_day = _ceil(first_hour, _DAY), last_hour - last_hour % _DAY
    if since < first_hour:
        yield (_MINUTES, since, first_hour)
    if first_day >= last_day:
        yield (_HOURS, first_hour, last_hour)
    else:
        if first_hour < first_day:
            yield (_HOURS, first_hour, first_day)
        yield (_DAYS, first_day, last_day)
        if last_day < last_hour:
            yield (_HOURS, last_day, last_hour)
    if last_hour < until:
        yield (_MINUTES, last_hour, until)


def _minute(at: datetime) -> int:
    """The first minute that begins at this time or later: corrections may begin in between."""
    return ceil(at.timestamp() / 60)


def _ceil(minute: int, width: int) -> int:
    return minute + -minute % width


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[str]:
    """The columns as PostgreSQL writes arrays: a list would be walked number by number."""
    columns = zip(*rows, strict=True) if rows else ((),) * width
    return ["{" + ",".join(map(str, column)) + "}" for column in columns]
