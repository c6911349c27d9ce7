"""What proposals stand on, read from the recorded pages: one statement each, however many."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Count, Q
from msgspec import Struct

from evenfall.insights.logic.following import LEAST as LEAST_FOLLOWED
from evenfall.insights.logic.following import WITHIN, Followed
from evenfall.insights.logic.proposals import CRITICAL, LEAST, LOOKED_AT, Woken
from evenfall.insights.models import PagedOnce

MOST_PROBLEMS: Final = 1000
MOST_PAGES: Final = 2000
"""Of one problem; the newest say enough."""
MOST_READ: Final = 100_000
MOST_PAIRS: Final = 500

_PAGES: Final = """
WITH noisy AS (
    SELECT problem FROM insights_paged
     WHERE started_at >= %(since)s AND started_at < %(until)s AND alert_id IS NOT NULL
     GROUP BY problem HAVING count(*) >= %(least)s ORDER BY count(*) DESC LIMIT %(problems)s
), placed AS (
    SELECT paged.*,
           row_number() OVER (PARTITION BY problem ORDER BY started_at DESC, page_id DESC) AS place,
           lag(ended_at) OVER before AS last_ended, lag(page_id) OVER before AS last_id
      FROM insights_paged paged JOIN noisy USING (problem)
     WHERE started_at >= %(since)s AND started_at < %(until)s
    WINDOW before AS (PARTITION BY problem ORDER BY started_at, page_id)
)
SELECT problem, started_at, over_s, after_s,
       last_id IS NOT NULL AND (last_ended IS NULL OR last_ended > started_at),
       is_acted, is_night, severity, is_not_actionable, page_id
  FROM placed WHERE place <= %(pages)s ORDER BY problem, started_at, page_id
"""
# in steps of five minutes, a service once a step: a storm costs no more than a calm day
_FOLLOWED: Final = """
WITH seen AS (
    SELECT page_id, service_id, environment, started_at, ended_at, is_acted, is_night,
           severity = 'critical' AS is_critical,
           floor(extract(epoch FROM started_at) / %(within_s)s)::bigint AS step
      FROM insights_paged
     WHERE started_at >= %(since)s AND started_at < %(until)s
       AND service_id IS NOT NULL AND alert_id IS NOT NULL
     ORDER BY started_at DESC, page_id DESC LIMIT %(read)s
), noisy AS (
    SELECT service_id, environment, count(DISTINCT step) AS times, count(*) AS pages
      FROM seen GROUP BY service_id, environment
    HAVING count(DISTINCT step) >= %(least)s
     ORDER BY count(*) DESC LIMIT %(pairs)s
), causes AS (
    SELECT service_id, environment, step, min(started_at) AS at,
           max(coalesce(ended_at, 'infinity')) AS ends, min(noisy.times) AS times
      FROM seen JOIN noisy USING (service_id, environment)
     GROUP BY service_id, environment, step
), met AS (
    SELECT cause.service_id AS cause_id, page.page_id, min(cause.times) AS cause_times,
           bool_or(cause.ends > page.started_at) AS is_held
      FROM seen page
      JOIN noisy USING (service_id, environment)
      JOIN causes cause
        ON cause.environment = page.environment AND cause.service_id <> page.service_id
           AND cause.step BETWEEN page.step - 1 AND page.step
           AND cause.at < page.started_at
           AND cause.at >= page.started_at - make_interval(secs => %(within_s)s)
     GROUP BY cause.service_id, page.page_id
)
SELECT page.environment, page.service_id, met.cause_id, count(DISTINCT page.step),
       min(noisy.times), min(met.cause_times), min(noisy.pages),
       count(*) FILTER (WHERE is_held), count(*) FILTER (WHERE is_held AND is_night),
       count(*) FILTER (WHERE is_held AND is_acted),
       count(*) FILTER (WHERE is_held AND is_acted AND is_critical)
  FROM met JOIN seen page USING (page_id) JOIN noisy USING (service_id, environment)
 GROUP BY page.environment, page.service_id, met.cause_id
HAVING count(DISTINCT page.step) >= %(least)s
 ORDER BY count(DISTINCT page.step) DESC, page.service_id, met.cause_id
 LIMIT %(pairs)s
"""
_FOLLOWING: Final = """
SELECT asked.number, count(page.page_id) FILTER (WHERE page.started_at < asked.at),
       count(page.page_id) FILTER (WHERE page.started_at >= asked.at)
  FROM unnest(%(numbers)s::bigint[], %(services)s::bigint[], %(causes)s::bigint[],
              %(since)s::timestamptz[], %(at)s::timestamptz[], %(until)s::timestamptz[])
       AS asked (number, service_id, cause_id, since, at, until)
  LEFT JOIN insights_paged page
    ON page.service_id = asked.service_id
       AND page.started_at >= asked.since AND page.started_at < asked.until
       AND EXISTS (SELECT FROM insights_paged cause
                    WHERE cause.service_id = asked.cause_id
                      AND cause.environment = page.environment
                      AND cause.started_at < page.started_at
                      AND cause.started_at >= page.started_at
                                              - make_interval(secs => %(within_s)s))
 GROUP BY asked.number
"""


class AskedPair(Struct, frozen=True, kw_only=True):
    """Two services, and a moment: what followed from `since` to `at`, and from there to `until`."""

    number: int
    service_id: int
    cause_id: int
    since: datetime
    at: datetime
    until: datetime


class Cost(NamedTuple):
    """Pages that were about some alerts: at night, acted on, critical of those."""

    pages: int = 0
    nights: int = 0
    acted: int = 0
    critical: int = 0


def paged_problems(now: datetime) -> dict[str, list[Woken]]:
    """The pages of each noisy problem, oldest first, by its key."""
    asked: dict[str, datetime | int] = {
        "since": now - LOOKED_AT,
        "until": now,
        "least": LEAST,
        "problems": MOST_PROBLEMS,
        "pages": MOST_PAGES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGES, asked)
        rows = cursor.fetchall()
    return {key: [_woken(row) for row in own] for key, own in groupby(rows, lambda row: row[0])}


def _woken(row: tuple[Any, ...]) -> Woken:
    _, at, over_s, after_s, was_open, is_acted, is_night, severity, not_actionable, _ = row
    return Woken(
        at=at,
        over_s=over_s,
        after_s=after_s,
        was_open=was_open,
        is_acted=is_acted,
        is_night=is_night,
        is_critical=severity == CRITICAL,
        is_not_actionable=not_actionable,
    )


def followed(now: datetime) -> list[Followed]:
    """Services whose pages came shortly after those of another one, the most often first."""
    asked: dict[str, datetime | float] = {
        "since": now - LOOKED_AT,
        "until": now,
        "within_s": WITHIN.total_seconds(),
        "least": LEAST_FOLLOWED,
        "read": MOST_READ,
        "pairs": MOST_PAIRS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, asked)
        rows = cursor.fetchall()
    names = (
        "service_id", "cause_id", "followed", "times", "cause_times",
        "pages", "spared", "nights", "acted", "critical",
    )  # fmt: skip
    best: dict[tuple[int, int], Followed] = {}
    for _environment, *figures in rows:
        one = Followed(**dict(zip(names, figures, strict=True)))
        best.setdefault((one.service_id, one.cause_id), one)
    return list(best.values())


def following_around(asked: Sequence[AskedPair]) -> dict[int, tuple[int, int]]:
    """How many pages of a service came shortly after one of another, before the moment and since.

    By the numbers of what was asked; one query, none for nothing.
    """
    if not asked:
        return {}
    columns: dict[str, Any] = {
        "numbers": [one.number for one in asked],
        "services": [one.service_id for one in asked],
        "causes": [one.cause_id for one in asked],
        "since": [one.since for one in asked],
        "at": [one.at for one in asked],
        "until": [one.until for one in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, columns | {"within_s": WITHIN.total_seconds()})
        return {number: (before, after) for number, before, after in cursor.fetchall()}


def cost_of(alert_ids: Collection[int], *, since: datetime) -> Cost:
    """What the pages about these alerts were."""
    acted = Q(is_acted=True)
    found = PagedOnce.objects.filter(alert_id__in=alert_ids, started_at__gte=since).aggregate(
        pages=Count("page_id"),
        nights=Count("page_id", filter=Q(is_night=True)),
        acted=Count("page_id", filter=acted),
        critical=Count("page_id", filter=acted & Q(severity=CRITICAL)),
    )
    return Cost(**found)


def page_counts(problems: Collection[str], *, since: datetime) -> dict[str, int]:
    """How many pages each of these problems had."""
    rows = PagedOnce.objects.filter(problem__in=problems, started_at__gte=since)
    return dict(rows.values_list("problem").annotate(n=Count("page_id")).order_by())
