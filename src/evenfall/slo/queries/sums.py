"""Sums of counts over many windows at once, in one statement.

A window is cut into whole days, whole hours and the minutes at its edges, so that a quarter of a
year costs hardly more rows than a day. All windows are exact to the minute.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import Bounds

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTES, _HOURS, _DAYS = 0, 1, 2
_SUMS: Final = """
WITH piece AS (
    SELECT * FROM unnest(%s::int[], %s::int[], %s::timestamptz[], %s::timestamptz[])
        AS piece (window_no, width, since, until)
), asked AS (
    SELECT * FROM unnest(%s::int[], %s::int[]) AS asked (series_id, window_no)
)
SELECT series_id, window_no, sum(good), sum(total) FROM (
    SELECT asked.series_id, asked.window_no, tally.good, tally.total
      FROM asked JOIN piece ON piece.window_no = asked.window_no AND piece.width = 0
      JOIN slo_count AS tally ON tally.series_id = asked.series_id
       AND tally.at >= piece.since AND tally.at < piece.until
    UNION ALL
    SELECT asked.series_id, asked.window_no, tally.good, tally.total
      FROM asked JOIN piece ON piece.window_no = asked.window_no AND piece.width = 1
      JOIN slo_hour_sum AS tally ON tally.series_id = asked.series_id
       AND tally.at >= piece.since AND tally.at < piece.until
    UNION ALL
    SELECT asked.series_id, asked.window_no, tally.good, tally.total
      FROM asked JOIN piece ON piece.window_no = asked.window_no AND piece.width = 2
      JOIN slo_day_sum AS tally ON tally.series_id = asked.series_id
       AND tally.at >= piece.since AND tally.at < piece.until
) AS found GROUP BY series_id, window_no
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One window of one series; whole minutes."""

    series_id: int
    over: Bounds


def window_sums(asked: Sequence[Asked]) -> dict[Asked, Tally]:
    """The sums of all windows; those of which nothing is known are not there. One query."""
    if not asked:
        return {}
    numbers = {over: number for number, over in enumerate({one.over: None for one in asked})}
    pieces = [(number, *piece) for over, number in numbers.items() for piece in _pieces(over)]
    pairs = [(one.series_id, numbers[one.over]) for one in set(asked)]
    columns = [*_columns(pieces, 4), *_columns(pairs, 2)]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, columns)
        rows = cursor.fetchall()
    windows = list(numbers)
    return {
        Asked(series_id, windows[number]): Tally(good, total)
        for series_id, number, good, total in rows
    }


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


def _pieces(over: Bounds) -> Iterator[tuple[int, datetime, datetime]]:
    """Minutes up to the hour, hours up to the day, days, hours, minutes; empty ones left out."""
    since, until = over.since, over.until
    first_hour, last_hour = _ceil(since, _HOUR), _floor(until, _HOUR)
    if first_hour >= last_hour:
        yield (_MINUTES, since, until)
        return
    first_day, last_day = _ceil(first_hour, _DAY), _floor(last_hour, _DAY)
    if first_day >= last_day:
        whole = [(_HOURS, first_hour, last_hour)]
    else:
        whole = [
            (_HOURS, first_hour, first_day),
            (_DAYS, first_day, last_day),
            (_HOURS, last_day, last_hour),
        ]
    every = [(_MINUTES, since, first_hour), *whole, (_MINUTES, last_hour, until)]
    yield from (piece for piece in every if piece[1] < piece[2])


def _floor(at: datetime, width: timedelta) -> datetime:
    return at - (at - datetime(2000, 1, 1, tzinfo=at.tzinfo)) % width


def _ceil(at: datetime, width: timedelta) -> datetime:
    floor = _floor(at, width)
    return floor if floor == at else floor + width


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * width
