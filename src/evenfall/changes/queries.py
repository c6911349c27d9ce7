"""Named reads of the ledger."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from evenfall.changes.models import Change
from evenfall.changes.ports import ChangeKind
from evenfall.platform import pages

_LAST = """
SELECT newest.* FROM unnest(%s::bigint[]) AS wanted (id)
 CROSS JOIN LATERAL (SELECT * FROM changes_change
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


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """One change. `links` are {"href", "text"}; `environment` is empty when nobody said."""

    id: int
    service_id: int | None
    environment: str
    kind: ChangeKind
    summary: str
    source: str
    external_id: str
    links: Sequence[dict[str, str]]
    details: dict[str, Any]
    actor: str
    at: datetime


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


def last_changes(service_ids: Collection[int], before: datetime) -> dict[int, ChangeView]:
    """The last change of each of these services that took effect at `before` or earlier.

    One statement that reads one row of the index for each service, however long its history;
    services without a change are left out.
    """
    if not service_ids:
        return {}
    rows = Change.objects.raw(_LAST, [list(service_ids), before])
    return {view.service_id: view for view in change_views(rows) if view.service_id is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
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


def changes_page(
    *, service_id: int | None = None, cursor: str | None = None, size: int = 50
) -> pages.Page[Change]:
    """Changes of one service or of all, newest first."""
    rows = Change.objects.all()
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    return pages.keyset(rows, order=("-at", "-id"), cursor=cursor, size=size)


def change_views(rows: Iterable[Change]) -> list[ChangeView]:
    return [
        ChangeView(
            id=row.id,
            service_id=row.service_id,
            environment=row.environment,
            kind=ChangeKind(row.kind),
            summary=row.summary,
            source=row.source,
            external_id=row.external_id,
            links=row.links,
            details=row.details,
            actor=row.actor,
            at=row.at,
        )
        for row in rows
    ]
