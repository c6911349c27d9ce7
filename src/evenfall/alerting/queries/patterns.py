"""What the alerts of some weeks show when they are laid side by side: one statement each.

Names are those of reports: the label `alertname`, else the summary. At most the newest 200,000
alerts are read and 200 findings returned, so that a night's look costs the same on a large site.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from msgspec import Struct

MOST_ALERTS: Final = 200_000
MOST_FOUND: Final = 200

# what pages somebody and waits for an answer is no leftover, so that it is left out
_LINGERING: Final = """
WITH seen AS (
    SELECT id, service_id, environment, rule_id, resolved_at, acknowledged_at, opened_at,
           left(coalesce(nullif(labels ->> 'alertname', ''), summary), 200) AS name,
           coalesce(labels ->> 'alertname', '') <> '' AS is_named,
           resolved_at IS NOT NULL
               AND (starts_with(resolved_by, 'user:') OR starts_with(resolved_by, 'token:'))
               AS by_hand,
           extract(epoch FROM coalesce(resolved_at, %(until)s) - last_seen_at)::int AS idle_s,
           count(*) OVER (PARTITION BY resolved_at, resolved_by) AS at_once
      FROM (SELECT * FROM alerting_alert
             WHERE opened_at >= %(since)s AND opened_at < %(until)s
             ORDER BY id DESC LIMIT %(alerts)s) recent
     WHERE outcome <> 'page' AND expires_at IS NULL
)
SELECT service_id, environment, name, bool_and(is_named),
       (array_agg(rule_id ORDER BY id DESC))[1], count(*),
       count(*) FILTER (WHERE resolved_at IS NOT NULL AND NOT by_hand),
       count(*) FILTER (WHERE by_hand), count(*) FILTER (WHERE by_hand AND at_once >= %(sweep)s),
       coalesce(array_agg(idle_s) FILTER (
           WHERE acknowledged_at IS NULL AND (by_hand OR resolved_at IS NULL)), '{}'),
       coalesce(array_agg(extract(epoch FROM acknowledged_at - opened_at)::int)
                FILTER (WHERE acknowledged_at IS NOT NULL), '{}')
  FROM seen
 GROUP BY service_id, environment, name
HAVING count(*) FILTER (WHERE acknowledged_at IS NULL AND idle_s > %(quiet_s)s
                              AND (by_hand OR resolved_at IS NULL)) >= %(least)s
 ORDER BY count(*) DESC, name
 LIMIT %(found)s
"""
_TOGETHER: Final = """
WITH seen AS (
    SELECT id, service_id, environment, opened_at, left(labels ->> 'alertname', 200) AS name,
           floor(extract(epoch FROM opened_at) / %(step_s)s)::bigint AS step
      FROM (SELECT * FROM alerting_alert
             WHERE opened_at >= %(since)s AND opened_at < %(until)s
             ORDER BY id DESC LIMIT %(alerts)s) recent
     WHERE service_id IS NOT NULL AND coalesce(labels ->> 'alertname', '') <> ''
), stepped AS (
    SELECT service_id, environment, name, step, min(opened_at) AS at, min(id) AS alert_id
      FROM seen GROUP BY 1, 2, 3, 4
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY service_id, environment, name) AS times FROM stepped
)
SELECT one.service_id, one.environment, one.name, other.name, min(one.times), min(other.times),
       count(DISTINCT one.step), count(DISTINCT other.step),
       coalesce(array_agg(DISTINCT other.alert_id) FILTER (WHERE one.at <= other.at), '{}'),
       coalesce(array_agg(DISTINCT one.alert_id) FILTER (WHERE other.at <= one.at), '{}')
  FROM counted one
  JOIN counted other
    ON other.service_id = one.service_id AND other.environment = one.environment
       AND other.name > one.name AND other.step BETWEEN one.step - 1 AND one.step + 1
       AND other.at BETWEEN one.at - make_interval(secs => %(step_s)s)
                        AND one.at + make_interval(secs => %(step_s)s)
 WHERE one.times >= %(least)s AND other.times >= %(least)s
 GROUP BY one.service_id, one.environment, one.name, other.name
HAVING count(DISTINCT one.step) >= %(least)s
 ORDER BY count(DISTINCT one.step) DESC, one.name, other.name
 LIMIT %(found)s
"""
_LINGERED: Final = """
SELECT asked.number, count(alert.id) FILTER (WHERE alert.opened_at < asked.at),
       count(alert.id) FILTER (WHERE alert.opened_at >= asked.at)
  FROM unnest(%(numbers)s::bigint[], %(services)s::bigint[], %(environments)s::text[],
              %(names)s::text[], %(quiet)s::float8[],
              %(since)s::timestamptz[], %(at)s::timestamptz[], %(until)s::timestamptz[])
       AS asked (number, service_id, environment, name, quiet_s, since, at, until)
  LEFT JOIN alerting_alert alert
    ON alert.service_id IS NOT DISTINCT FROM nullif(asked.service_id, 0)
       AND alert.environment = asked.environment
       AND alert.opened_at >= asked.since AND alert.opened_at < asked.until
       AND left(coalesce(nullif(alert.labels ->> 'alertname', ''), alert.summary), 200)
           = asked.name
       AND coalesce(alert.resolved_at, %(now)s) - alert.last_seen_at
           > make_interval(secs => asked.quiet_s)
 GROUP BY asked.number
"""


class Lingered(NamedTuple):
    """Alerts of one name that nobody was paged for and whose tool does not repeat them.

    `idle_s` are seconds from the last word of the tool to the end, or to now, of those that nobody
    acknowledged and no tool ended; `acted_s` seconds until the others were acknowledged. `swept` of
    those ended by hand ended together with others.
    """

    service_id: int | None
    environment: str
    name: str
    is_named: bool
    rule_id: int | None
    alerts: int
    by_source: int
    by_hand: int
    swept: int
    idle_s: list[int]
    acted_s: list[int]


class Together(NamedTuple):
    """Two names of one service: openings within a step count once; see `logic` of who asks."""

    service_id: int
    environment: str
    first: str
    second: str
    first_times: int
    second_times: int
    first_with: int
    second_with: int
    after_first: list[int]
    after_second: list[int]


class AskedName(Struct, frozen=True, kw_only=True):
    """Alerts of a name that stay longer than `quiet` without a word of their tool, and a moment:
    those that opened from `since` to `at`, and from there to `until`.
    """

    number: int
    service_id: int | None
    environment: str
    name: str
    quiet: timedelta
    since: datetime
    at: datetime
    until: datetime


def lingering(
    *, since: datetime, until: datetime, quiet: timedelta, least: int, sweep: int
) -> list[Lingered]:
    """Names with at least so many alerts that stayed longer than `quiet`; the most alerts first.

    `sweep` or more that one person ended at the same moment are a sweep.
    """
    seconds = int(quiet.total_seconds())
    rows = _rows(_LINGERING, since, until, quiet_s=seconds, least=least, sweep=sweep)
    return [Lingered(*row) for row in rows]


def together(*, since: datetime, until: datetime, within: timedelta, least: int) -> list[Together]:
    """Pairs of labelled names that opened within that time of each other at least so often."""
    seconds = int(within.total_seconds())
    return [Together(*row) for row in _rows(_TOGETHER, since, until, step_s=seconds, least=least)]


def lingered_around(asked: Sequence[AskedName], *, now: datetime) -> dict[int, tuple[int, int]]:
    """How many stayed so long, of those that opened before the moment, and since.

    By the numbers of what was asked; one query, none for nothing.
    """
    if not asked:
        return {}
    columns: dict[str, Any] = {
        "numbers": [one.number for one in asked],
        "services": [one.service_id or 0 for one in asked],
        "environments": [one.environment for one in asked],
        "names": [one.name for one in asked],
        "quiet": [one.quiet.total_seconds() for one in asked],
        "since": [one.since for one in asked],
        "at": [one.at for one in asked],
        "until": [one.until for one in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINGERED, columns | {"now": now})
        return {number: (before, after) for number, before, after in cursor.fetchall()}


def _rows(statement: str, since: datetime, until: datetime, **asked: int) -> list[tuple[Any, ...]]:
    given: dict[str, Any] = {"since": since, "until": until, **asked}
    with connection.cursor() as cursor:
        cursor.execute(statement, given | {"alerts": MOST_ALERTS, "found": MOST_FOUND})
        return list(cursor.fetchall())
