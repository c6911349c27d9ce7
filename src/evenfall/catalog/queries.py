"""Named reads of the catalog. They return plain values: a template can issue no SQL."""

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog import errors
from evenfall.catalog.models import Dependency, Service
from evenfall.catalog.ports import Criticality, DependencyKind, Environment
from evenfall.identity import queries as identity_queries
from evenfall.platform import once, pages


class ServiceView(Struct, frozen=True, kw_only=True):
    """A service as others see it. `tier` is 1 to 4; links are empty when there are none."""

    id: int
    slug: str
    name: str
    team_id: int
    tier: int
    criticality: Criticality
    environments: tuple[Environment, ...]
    description: str
    runbook_url: str
    dashboard_url: str
    repository_url: str
    contact: str
    is_archived: bool
    team_name: str = ""
    """Empty where nobody asked for it."""


class Link(Struct, frozen=True, kw_only=True):
    """One dependency seen from one of its ends: `service` is the other end."""

    id: int
    service: ServiceView
    kind: DependencyKind


_COLUMNS: Final = (
    *("id", "slug", "name", "team_id", "tier", "criticality", "environments", "description"),
    *("runbook_url", "dashboard_url", "repository_url", "point_of_contact", "archived_at"),
)
"""In the order of `_view`."""
_KNOWN: Final = "catalog.services"
_columns_of: Final = attrgetter(*_COLUMNS)
# by hand, since both are on the way of every page
_SERVICES: Final = f"SELECT {', '.join(_COLUMNS)} FROM catalog_service"  # noqa: S608 - no word of it from outside
_ALL: Final = _SERVICES + " WHERE archived_at IS NULL ORDER BY name, id"
_BY_ID: Final = _SERVICES + " WHERE id = ANY(%s) ORDER BY name, id"
_BY_SLUG: Final = _SERVICES + " WHERE slug = ANY(%s::text[])"
_NAMED: Final = (
    _SERVICES + " WHERE archived_at IS NULL AND (id = ANY(%s) OR slug = ANY(%s::text[]))"
)


def services(ids: Collection[int] | None = None) -> dict[int, ServiceView]:
    """These services, or all that are not archived, by name; no query for none."""
    if ids is None:
        found = _read(_ALL)
        once.learn(_KNOWN, found)
        return found
    return once.known(_KNOWN, ids, lambda: _read(_BY_ID, list(ids)))


def services_named(*, ids: Collection[int], slugs: Collection[str]) -> dict[int, ServiceView]:
    """Those with one of these ids or slugs that are not archived; one query."""
    return _read(_NAMED, list(ids), list(slugs)) if ids or slugs else {}


def _read(statement: str, *wanted: list[int] | list[str]) -> dict[int, ServiceView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, wanted)
        return {row[0]: _view(row) for row in cursor.fetchall()}


def service(service_id: int) -> ServiceView:
    """With the name of its team. Raise `ServiceNotFound` when there is none."""
    found = services([service_id]).get(service_id)
    if found is None:
        raise errors.ServiceNotFound(service=service_id)
    (team,) = identity_queries.teams([found.team_id])
    return replace(found, team_name=team.name)


def service_by_slug(slug: str) -> ServiceView:
    """Raise `ServiceNotFound` when there is none."""
    return _found(Service.objects.filter(slug=slug).first(), slug)


def services_by_slug(slugs: Collection[str]) -> dict[str, ServiceView]:
    """The services with these slugs, archived ones too; no query for none."""
    found = _read(_BY_SLUG, list(slugs)) if slugs else {}
    return {one.slug: one for one in found.values()}


def services_of_team(team_id: int) -> list[ServiceView]:
    rows = Service.objects.filter(team_id=team_id, archived_at=None).order_by("name", "id")
    return [_view(row) for row in rows.values_list(*_COLUMNS)]


def find_services(text: str, *, limit: int = 5) -> list[ServiceView]:
    """The first services by name that match: for the search box."""
    rows = _matching(text, team_id=None).filter(archived_at=None).order_by("name", "id")
    return [_view(row) for row in rows.values_list(*_COLUMNS)[:limit]]


def services_page(
    *, text: str = "", team_id: int | None = None, archived: bool = False, cursor: str | None = None
) -> pages.Page[Service]:
    """Fifty services by name, of whom name or slug contain the text."""
    rows = _matching(text, team_id=team_id).filter(archived_at__isnull=not archived)
    return pages.keyset(rows, order=("name", "id"), cursor=cursor, size=50)


def service_views(rows: Iterable[Service]) -> list[ServiceView]:
    """The rows with the names of their teams; one query more, however many rows."""
    rows = list(rows)
    names = {team.id: team.name for team in identity_queries.teams({row.team_id for row in rows})}
    return [_view(_columns_of(row), names.get(row.team_id, "")) for row in rows]


def needs(service_id: int) -> list[Link]:
    """What this service depends on directly, by name."""
    rows = Dependency.objects.filter(service_id=service_id).select_related("depends_on")
    return [_link(row, row.depends_on) for row in rows.order_by("depends_on__name", "id")]


def needed_by(service_id: int) -> list[Link]:
    """What depends on this service directly, by name."""
    rows = Dependency.objects.filter(depends_on_id=service_id).select_related("service")
    return [_link(row, row.service) for row in rows.order_by("service__name", "id")]


def hard_edges() -> list[tuple[int, int]]:
    """As `dependency_edges`, of those only without which a service stops."""
    rows = Dependency.objects.filter(kind=DependencyKind.HARD.value).order_by("id")
    return list(rows.values_list("service_id", "depends_on_id"))


def dependency_edges() -> list[tuple[int, int]]:
    """All dependencies as (service id, id of the service it needs)."""
    return list(Dependency.objects.order_by("id").values_list("service_id", "depends_on_id"))


_NEAR = """
SELECT first.service_id, first.depends_on_id, second.depends_on_id
  FROM catalog_dependency first
  LEFT JOIN catalog_dependency second ON second.service_id = first.depends_on_id
 WHERE first.service_id = ANY(%s)
"""


def near_needs(service_ids: Collection[int]) -> dict[int, set[int]]:
    """What each of these services needs directly or through one other; those without are left out.

    By hand, since it is on the way of a page: one look at the edges of these services only.
    """
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [list(service_ids)])
        for service_id, first, second in cursor.fetchall():
            near = found.setdefault(service_id, set())
            near |= {first, second} - {service_id, None}
    return {service_id: near for service_id, near in found.items() if near}


def dependencies() -> list[tuple[int, int, str]]:
    """All dependencies as (service id, id of the service it needs, kind)."""
    rows = Dependency.objects.order_by("id")
    return list(rows.values_list("service_id", "depends_on_id", "kind"))


def _matching(text: str, *, team_id: int | None) -> QuerySet[Service]:
    rows = Service.objects.all()
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(slug__icontains=text))
    return rows if team_id is None else rows.filter(team_id=team_id)


def _found(row: Service | None, key: object) -> ServiceView:
    if row is None:
        raise errors.ServiceNotFound(service=key)
    return service_views([row])[0]


def _link(row: Dependency, other: Service) -> Link:
    return Link(id=row.id, service=_view(_columns_of(other)), kind=DependencyKind(row.kind))


def _view(row: Sequence[Any], team_name: str = "") -> ServiceView:
    return ServiceView(
        id=row[0],
        slug=row[1],
        name=row[2],
        team_id=row[3],
        tier=row[4],
        criticality=Criticality(row[5]),
        environments=tuple(map(Environment, row[6])),
        description=row[7],
        runbook_url=row[8],
        dashboard_url=row[9],
        repository_url=row[10],
        contact=row[11],
        is_archived=row[12] is not None,
        team_name=team_name,
    )
