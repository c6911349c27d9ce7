"""Sources of changes, and what of them was refused."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import errors
from evenfall.changes.models import ChangeSource, RefusedReport
from evenfall.changes.ports import formats
from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import pages


class SourceView(Struct, frozen=True, kw_only=True):
    """A source without its keys; `team_id` is who answers for it, None for the whole site."""

    id: int
    name: str
    kind: str
    kind_label: str
    key_hint: str
    is_signed: bool
    service_id: int | None
    service: str
    team_id: int | None
    team: str
    environment: str
    mapping: Mapping[str, str]
    is_enabled: bool
    created_at: datetime
    last_seen_at: datetime | None
    last_error: str


class RefusedView(Struct, frozen=True, kw_only=True):
    """A request that led to nothing."""

    at: datetime
    reason: str


def source(source_id: int) -> SourceView:
    """Raises `SourceNotFound`."""
    row = ChangeSource.objects.filter(id=source_id).first()
    if row is None:
        raise errors.SourceNotFound(source_id=source_id)
    return _views([row])[0]


def sources_page(*, cursor: str | None = None, size: int = 50) -> pages.Page[SourceView]:
    """Sources by name."""
    rows = ChangeSource.objects.all()
    page = pages.keyset(rows, order=("name", "id"), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def has_sources() -> bool:
    return ChangeSource.objects.exists()


def refused_reports(source_id: int, *, limit: int = 20) -> list[RefusedView]:
    """The last requests that led to nothing, newest first."""
    rows = RefusedReport.objects.filter(source_id=source_id).order_by("-id")[:limit]
    return [RefusedView(at=row.at, reason=row.reason) for row in rows]


def check_managed(
    viewer: Viewer, *, team_id: int | None, service_id: int | None, slugs: Collection[str] = ()
) -> None:
    """Raise Forbidden unless the viewer manages all that a source may report about.

    A source of no team may report about every service, so that it is for managers of the site.
    """
    viewer.check(Permission.MANAGE, team_id=team_id)
    ids = [service_id] if service_id is not None else []
    for service in catalog_queries.services_named(ids=ids, slugs=slugs).values():
        viewer.check(Permission.MANAGE, team_id=service.team_id)


def _views(rows: Iterable[ChangeSource]) -> list[SourceView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    teams = identity_queries.teams({row.team_id for row in rows if row.team_id})
    names = {team.id: team.name for team in teams}
    return [_view(row, services.get(row.service_id or 0), names) for row in rows]


def _view(
    row: ChangeSource, service: catalog_queries.ServiceView | None, teams: Mapping[int, str]
) -> SourceView:
    one = formats().get(row.kind)
    return SourceView(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        kind_label=one.label if one else row.kind,
        key_hint=row.key_hint,
        is_signed=bool(row.secret),
        service_id=row.service_id,
        service=service.name if service else "",
        team_id=row.team_id,
        team=teams.get(row.team_id or 0, ""),
        environment=row.environment,
        mapping=row.mapping,
        is_enabled=row.is_enabled,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        last_error=row.last_error,
    )
