"""The ledger: by service, by time and by what people look for."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import errors
from evenfall.changes.models import Change
from evenfall.changes.ports import ChangeKind
from evenfall.changes.queries.views import ChangeView, change_views
from evenfall.platform import pages

_LAST = """
SELECT wanted.id, newest.summary, newest.at FROM unnest(%s::bigint[]) AS wanted (id)
 CROSS JOIN LATERAL (SELECT summary, at FROM changes_change
                      WHERE service_id = wanted.id AND at <= %s
                      ORDER BY at DESC, id DESC LIMIT 1) AS newest
"""
_LAST_DEPLOYS = """
SELECT wanted.place, newest.* FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[])
       WITH ORDINALITY AS wanted (service_id, environment, before, place)
 CROSS JOIN LATERAL (SELECT * FROM changes_change
                      WHERE service_id = wanted.service_id AND at <= wanted.before
                        AND at > wanted.before - %s::interval
                        AND kind = %s AND environment IN ('', wanted.environment)
                      ORDER BY at DESC, id DESC LIMIT 1) AS newest
"""
_BEFORE = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[])
           WITH ORDINALITY AS moment (service_id, before, place)
)
SELECT wanted.place, near.* FROM wanted
 CROSS JOIN LATERAL (SELECT * FROM changes_change
                      WHERE service_id = wanted.service_id AND at <= wanted.before
                        AND at > wanted.before - %s::interval
                      ORDER BY at DESC, id DESC LIMIT %s) AS near
UNION ALL
SELECT wanted.place, unnamed.* FROM wanted
 CROSS JOIN LATERAL (SELECT * FROM changes_change
                      WHERE service_id IS NULL AND wanted.service_id IS NULL
                        AND at <= wanted.before AND at > wanted.before - %s::interval
                      ORDER BY at DESC, id DESC LIMIT %s) AS unnamed
"""


class Filters(Struct, frozen=True, kw_only=True):
    """What to look for; None and "" leave a field open. `since` is part of it, `until` is not."""

    kind: ChangeKind | None = None
    service_id: int | None = None
    team_id: int | None = None
    environment: str = ""
    text: str = ""
    source_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def change(change_id: int) -> ChangeView:
    """Raises `ChangeNotFound`."""
    row = Change.objects.filter(id=change_id).first()
    if row is None:
        raise errors.ChangeNotFound(change_id=change_id)
    return change_views([row])[0]


def changes(change_ids: Collection[int]) -> dict[int, ChangeView]:
    """Those that exist, by id."""
    return {view.id: view for view in change_views(Change.objects.filter(id__in=change_ids))}


def recent_changes(
    service_id: int, before: datetime, limit: int = 5, *, since: datetime | None = None
) -> list[ChangeView]:
    """The last changes of a service that took effect at `before` or earlier, newest first."""
    rows = Change.objects.filter(service_id=service_id, at__lte=before)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return change_views(rows.order_by("-at", "-id")[:limit])


def changes_between(
    service_ids: Collection[int], *, since: datetime, until: datetime, limit: int = 10
) -> list[ChangeView]:
    """The changes of these services from the one instant until just before the other, newest first.

    A change that is planned takes effect later than now.
    """
    rows = Change.objects.filter(service_id__in=service_ids, at__gte=since, at__lt=until)
    return change_views(rows.order_by("-at", "-id")[:limit])


class LastChange(Struct, frozen=True, kw_only=True):
    """What changed last, in one line."""

    summary: str
    at: datetime


def last_changes(service_ids: Collection[int], before: datetime) -> dict[int, LastChange]:
    """The last change of each of these services that took effect at `before` or earlier.

    One statement that reads one row of the index for each service, however long its history;
    services without a change are left out.
    """
    if not service_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list(service_ids), before])
        return {row[0]: LastChange(summary=row[1], at=row[2]) for row in cursor.fetchall()}


class Moment(Struct, frozen=True, kw_only=True):
    """A service in an environment, at an instant."""

    service_id: int
    environment: str
    at: datetime


def last_deploys(moments: Sequence[Moment], *, within: timedelta) -> list[ChangeView | None]:
    """What ran at each of these moments: the last deploy of the time before, None for none.

    One statement. A deploy that does not say where it went counts for every environment.
    """
    if not moments:
        return []
    told = [
        [one.service_id for one in moments],
        [one.environment for one in moments],
        [one.at for one in moments],
        within,
        ChangeKind.DEPLOY.value,
    ]
    rows = list(Change.objects.raw(_LAST_DEPLOYS, told))
    views = change_views(rows)
    by_place = {cast("Any", row).place: view for row, view in zip(rows, views, strict=True)}
    return [by_place.get(place) for place in range(1, len(moments) + 1)]


class Before(Struct, frozen=True):
    """The time before an instant at a service; None is what is of no single service."""

    service_id: int | None
    at: datetime


def changes_before(
    moments: Sequence[Before], *, within: timedelta, each: int
) -> list[list[ChangeView]]:
    """What changed in the time before each of these moments, newest first; at most `each` of them.

    One statement. None for a service stands for what changed at no service that anybody named.
    """
    found: list[list[ChangeView]] = [[] for _ in moments]
    if not moments:
        return found
    told = [[one.service_id for one in moments], [one.at for one in moments]]
    rows = list(Change.objects.raw(_BEFORE, [*told, within, each, within, each]))
    for row, view in zip(rows, change_views(rows), strict=True):
        found[cast("Any", row).place - 1].append(view)
    return found


def changes_page(
    filters: Filters | None = None, *, cursor: str | None = None, size: int = 50
) -> pages.Page[ChangeView]:
    """Changes that fit the filters, newest first."""
    rows = filtered(filters or Filters())
    page = pages.keyset(rows, order=("-at", "-id"), cursor=cursor, size=size)
    return page.holding(change_views(page.items))


def filtered(filters: Filters) -> QuerySet[Change]:
    """The rows that fit."""
    wanted = {
        "kind": filters.kind.value if filters.kind else None,
        "service_id": filters.service_id,
        "environment": filters.environment or None,
        "origin_id": filters.source_id,
        "at__gte": filters.since,
        "at__lt": filters.until,
    }
    rows = Change.objects.filter(**{name: one for name, one in wanted.items() if one is not None})
    if filters.team_id is not None:
        owned = [service.id for service in catalog_queries.services_of_team(filters.team_id)]
        rows = rows.filter(service_id__in=owned)
    if filters.text:
        named = Q(summary__icontains=filters.text) | Q(version__icontains=filters.text)
        rows = rows.filter(named | Q(commit__istartswith=filters.text))
    return rows
