"""What came back most: in a quarter, and in a release."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Q
from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.patterns.logic.quarters import Quarter
from evenfall.patterns.models import Feature, Member
from evenfall.patterns.queries.patterns import PatternView, patterns

MOST: Final = 50
HEADER: Final = (
    *("period", "pattern", "title", "state", "owner", "team"),
    *("incidents", "in_production", "in_uat", "in_dev", "in_all", "first", "last"),
)
_RELEASES: Final = """
SELECT release, count(*) FILTER (WHERE environment = 'DEV'),
       count(*) FILTER (WHERE environment = 'UAT'), count(*) FILTER (WHERE environment = 'PROD'),
       max(opened_at)
  FROM (SELECT unnest(releases) AS release, environment, opened_at FROM patterns_incidenttraits
         WHERE counts AND opened_at >= %s AND opened_at < %s) AS known
 GROUP BY release ORDER BY max(opened_at) DESC, release LIMIT %s
"""


class TopPattern(Struct, frozen=True, kw_only=True):
    """A pattern with how often it came in the time or release that was asked for."""

    pattern: PatternView
    incidents: int
    in_environment: dict[Environment, int]


class ReleaseLine(Struct, frozen=True, kw_only=True):
    """A release and its incidents by environment."""

    name: str
    dev: int
    uat: int
    prod: int
    last_at: datetime

    @property
    def escaped(self) -> float | None:
        """The share of incidents that were seen in production only; None without any."""
        whole = self.dev + self.uat + self.prod
        return self.prod / whole if whole else None


def top_of_quarter(quarter: Quarter, *, team_id: int | None = None) -> list[TopPattern]:
    """The patterns that came most often in a quarter, at most fifty."""
    inside = Q(opened_at__gte=quarter.starts_at, opened_at__lt=quarter.ends_at)
    return _top(inside, team_id)


def top_of_release(release: str, *, team_id: int | None = None) -> list[TopPattern]:
    """The patterns whose incidents came while this release ran."""
    ran = Feature.objects.filter(key=f"r:{release}"[:120])
    return _top(Q(incident_id__in=ran.values("traits_id")), team_id)


def releases_of(quarter: Quarter) -> list[ReleaseLine]:
    """The releases that had incidents in a quarter, the last first, at most fifty."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASES, [quarter.starts_at, quarter.ends_at, MOST])
        rows = cursor.fetchall()
    return [
        ReleaseLine(name=name, dev=dev, uat=uat, prod=prod, last_at=last)
        for name, dev, uat, prod, last in rows
    ]


def report_rows(found: Sequence[TopPattern], period: str) -> list[tuple[str, ...]]:
    """The report as cells of a table, by `HEADER`."""
    return [_row(one, period) for one in found]


def _top(which: Q, team_id: int | None) -> list[TopPattern]:
    rows = Member.objects.filter(which)
    if team_id is not None:
        rows = rows.filter(pattern__team_id=team_id)
    counted = rows.values_list("pattern_id", "incident__environment").annotate(n=Count("id"))
    found: dict[int, dict[Environment, int]] = {}
    for pattern_id, environment, count in counted.order_by():
        found.setdefault(pattern_id, dict.fromkeys(Environment, 0))[Environment(environment)] = (
            count
        )
    best = sorted(found, key=lambda number: (-sum(found[number].values()), -number))[:MOST]
    views = patterns(best)
    return [
        TopPattern(
            pattern=views[number],
            incidents=sum(found[number].values()),
            in_environment=found[number],
        )
        for number in best
        if number in views
    ]


def _row(one: TopPattern, period: str) -> tuple[str, ...]:
    view, times = one.pattern, one.in_environment
    return (
        period,
        str(view.id),
        view.title,
        view.state.value,
        view.owner.name if view.owner else "",
        view.team.name if view.team else "",
        str(one.incidents),
        *(str(times[where]) for where in (Environment.PROD, Environment.UAT, Environment.DEV)),
        str(view.count),
        view.first_at.isoformat() if view.first_at else "",
        view.last_at.isoformat() if view.last_at else "",
    )
