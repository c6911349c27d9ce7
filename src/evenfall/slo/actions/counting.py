"""Counts are stored; the sums of their hours and days, and slices made of them, follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from evenfall.slo.logic.tallies import Tally
from evenfall.slo.models import DaySum, HourSum

# The same minute said again is no change; what is sent by several senders adds up.
_PUT: Final = """
INSERT INTO slo_count (series_id, at, good, total)
SELECT * FROM unnest(%s::int[], %s::timestamptz[], %s::float8[], %s::float8[])
ON CONFLICT (series_id, at) DO UPDATE SET good = EXCLUDED.good, total = EXCLUDED.total
 WHERE (slo_count.good, slo_count.total) IS DISTINCT FROM (EXCLUDED.good, EXCLUDED.total)
RETURNING series_id, at
"""
_ADD: Final = """
INSERT INTO slo_count (series_id, at, good, total)
SELECT * FROM unnest(%s::int[], %s::timestamptz[], %s::float8[], %s::float8[])
ON CONFLICT (series_id, at) DO UPDATE
   SET good = slo_count.good + EXCLUDED.good, total = slo_count.total + EXCLUDED.total
RETURNING series_id, at
"""
_TAKE_TURN: Final = "SELECT id FROM slo_series WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_HOURS: Final = """
INSERT INTO slo_hour_sum (series_id, at, good, total)
SELECT touched.series_id, touched.at, sum(tally.good), sum(tally.total)
  FROM (SELECT DISTINCT series_id, date_trunc('hour', at, 'UTC') AS at
          FROM unnest(%s::int[], %s::timestamptz[]) AS changed (series_id, at)) AS touched
  JOIN slo_count AS tally ON tally.series_id = touched.series_id
   AND tally.at >= touched.at AND tally.at < touched.at + interval '1 hour'
 GROUP BY touched.series_id, touched.at
ON CONFLICT (series_id, at) DO UPDATE SET good = EXCLUDED.good, total = EXCLUDED.total
"""
# 24 hours and not a day: the session's zone may have days of another length
_DAYS: Final = """
INSERT INTO slo_day_sum (series_id, at, good, total)
SELECT touched.series_id, touched.at, sum(tally.good), sum(tally.total)
  FROM (SELECT DISTINCT series_id, date_trunc('day', at, 'UTC') AS at
          FROM unnest(%s::int[], %s::timestamptz[]) AS changed (series_id, at)) AS touched
  JOIN slo_hour_sum AS tally ON tally.series_id = touched.series_id
   AND tally.at >= touched.at AND tally.at < touched.at + interval '24 hours'
 GROUP BY touched.series_id, touched.at
ON CONFLICT (series_id, at) DO UPDATE SET good = EXCLUDED.good, total = EXCLUDED.total
"""
_NEWEST: Final = """
UPDATE slo_series SET last_minute = greatest(slo_series.last_minute, changed.last)
  FROM (SELECT series_id, max(at) AS last
          FROM unnest(%s::int[], %s::timestamptz[]) AS one (series_id, at)
         GROUP BY series_id) AS changed
 WHERE slo_series.id = changed.series_id
   AND (slo_series.last_minute IS NULL OR slo_series.last_minute < changed.last)
"""
# Slices that were made of these minutes before are made again.
_SLICE_AGAIN: Final = """
UPDATE slo_objective SET sliced_until = changed.first
  FROM (SELECT indicator.id, min(one.at) AS first
          FROM unnest(%s::int[], %s::timestamptz[]) AS one (series_id, at)
          JOIN slo_indicator AS indicator ON indicator.series_id = one.series_id
         GROUP BY indicator.id) AS changed
 WHERE slo_objective.slices_id IS NOT NULL AND slo_objective.sliced_until > changed.first
   AND (slo_objective.indicator_id = changed.id OR EXISTS (
        SELECT FROM slo_objectivemember AS member
         WHERE member.objective_id = slo_objective.id AND member.indicator_id = changed.id))
"""


@transaction.atomic
def store_counts(counts: Mapping[int, Mapping[datetime, Tally]], *, add: bool = False) -> int:
    """Store minutes by series and bring all sums up to date; return how many were given.

    With `add` they are added to what is there. Writers of the same series wait for each other.
    """
    rows = [
        (series_id, at, tally.good, tally.total)
        for series_id, minutes in counts.items()
        for at, tally in minutes.items()
    ]
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TURN, [sorted(counts)])
        cursor.execute(_ADD if add else _PUT, columns)
        _follow(cursor.fetchall())
    return len(rows)


def forget_sums(*, before: datetime) -> int:
    """The hours and days before this time; return how many. Minutes go with their partition."""
    found = 0
    for width in (HourSum, DaySum):
        found += width.objects.filter(at__lt=before).delete()[0]
    return found


def _follow(changed: Sequence[tuple[int, datetime]]) -> None:
    if not changed:
        return
    columns = [list(column) for column in zip(*changed, strict=True)]
    with connection.cursor() as cursor:
        for statement in (_HOURS, _DAYS, _NEWEST, _SLICE_AGAIN):
            cursor.execute(statement, columns)
