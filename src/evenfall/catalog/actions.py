"""Everything that changes the catalog: one keyword-only function for each use case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from evenfall.catalog import errors, events, queries
from evenfall.catalog.logic import graph
from evenfall.catalog.models import Dependency, Service
from evenfall.catalog.ports import Criticality, DependencyKind, Environment
from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish

_TIERS = range(1, 5)
_SLUG_LENGTH = 80
_LINKS = ("runbook_url", "dashboard_url", "repository_url")
_is_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class ServiceFields:
    """What people say about a service. `tier` is 1 to 4; links are empty or web addresses."""

    name: str
    team_id: int
    tier: int = 2
    criticality: str = Criticality.MEDIUM.value
    environments: Collection[str] = (Environment.PROD.value,)
    description: str = ""
    runbook_url: str = ""
    dashboard_url: str = ""
    repository_url: str = ""
    point_of_contact: str = ""


@transaction.atomic
def create_service(*, fields: ServiceFields, slug: str = "", now: datetime, actor: str) -> int:
    """Return the id of a new service; the slug is made from the name unless given.

    Raises `SlugTaken`, and `Invalid` errors that name the field.
    """
    values = _checked(fields)
    slug = slug.strip() or slugify(fields.name)[:_SLUG_LENGTH]
    if slug != slugify(slug)[:_SLUG_LENGTH] or slug in {"", "new"}:
        raise errors.SlugNotValid(field="slug", slug=slug or "an empty one")
    try:
        with transaction.atomic():
            service = Service.objects.create(slug=slug, created_at=now, **values)
    except IntegrityError as error:
        raise errors.SlugTaken(slug=slug) from error
    after = {"slug": slug, **values}
    publish(events.ServiceCreated(service_id=service.id, after=after, at=now, actor=actor))
    return service.id


@transaction.atomic
def change_service(*, service_id: int, fields: ServiceFields, now: datetime, actor: str) -> None:
    """Change what is said about a service; its slug stays, links to it keep working."""
    service = _lock(service_id)
    after = _checked(fields)
    before = {name: getattr(service, name) for name in after}
    changed = {name: value for name, value in after.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(service, name, value)
    service.save(update_fields=list(changed))
    publish(
        events.ServiceChanged(
            service_id=service_id,
            before={name: before[name] for name in changed},
            after=changed,
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def give_service(
    *, service_id: int, team_id: int, seen_team_id: int, now: datetime, actor: str
) -> bool:
    """Let another team own a service; False when it is not that of `seen_team_id` any more.

    All else about it stays. Raises ServiceNotFound, TeamNotFound.
    """
    service = _lock(service_id)
    if service.team_id != seen_team_id:
        return False
    identity_queries.team(team_id)
    service.team_id = team_id
    service.save(update_fields=["team_id"])
    publish(
        events.ServiceChanged(
            service_id=service_id,
            before={"team_id": seen_team_id},
            after={"team_id": team_id},
            at=now,
            actor=actor,
        )
    )
    return True


@transaction.atomic
def archive_service(*, service_id: int, now: datetime, actor: str) -> None:
    """Take a service out of lists and choices. Doing it twice does nothing."""
    service = _lock(service_id)
    if service.archived_at is not None:
        return
    service.archived_at = now
    service.save(update_fields=["archived_at"])
    publish(
        events.ServiceArchived(
            service_id=service_id,
            before={"archived": False},
            after={"archived": True},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def restore_service(*, service_id: int, now: datetime, actor: str) -> None:
    """Bring an archived service back. Doing it twice does nothing."""
    service = _lock(service_id)
    if service.archived_at is None:
        return
    service.archived_at = None
    service.save(update_fields=["archived_at"])
    publish(
        events.ServiceRestored(
            service_id=service_id,
            before={"archived": True},
            after={"archived": False},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def set_dependency(
    *, service_id: int, depends_on_id: int, kind: str, now: datetime, actor: str
) -> None:
    """Say that a service needs another one, or needs it otherwise.

    All services are locked in the order of their ids first: two dependencies that are each
    harmless could close a circle when they are added at once. Raises `DependsOnItself`.
    """
    if kind not in tuple(DependencyKind):
        raise errors.UnknownDependencyKind(field="kind", kind=kind, known=", ".join(DependencyKind))
    names = _lock_all()
    if not {service_id, depends_on_id} <= names.keys():
        raise errors.ServiceNotFound(service=({service_id, depends_on_id} - names.keys()).pop())
    _refuse_cycle(service_id, depends_on_id, names)
    row, is_new = Dependency.objects.get_or_create(
        service_id=service_id,
        depends_on_id=depends_on_id,
        defaults={"kind": kind, "created_at": now},
    )
    before = {} if is_new else {"kind": row.kind}
    if not is_new and row.kind == kind:
        return
    row.kind = kind
    row.save(update_fields=["kind"])
    _announce(row, before=before, after={"kind": kind}, now=now, actor=actor)


@transaction.atomic
def remove_dependency(*, service_id: int, depends_on_id: int, now: datetime, actor: str) -> None:
    """Say that a service no longer needs another one. Raises `DependencyNotFound`."""
    service = _lock(service_id)
    row = Dependency.objects.filter(service_id=service_id, depends_on_id=depends_on_id).first()
    if row is None:
        raise errors.DependencyNotFound(service=service.name)
    row.delete()
    _announce(row, before={"kind": row.kind}, after={}, now=now, actor=actor)


def _announce(
    row: Dependency, *, before: dict[str, str], after: dict[str, str], now: datetime, actor: str
) -> None:
    publish(
        events.DependencyChanged(
            service_id=row.service_id,
            depends_on_id=row.depends_on_id,
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )


def _refuse_cycle(service_id: int, depends_on_id: int, names: dict[int, str]) -> None:
    cycle = graph.cycle_with(queries.dependency_edges(), (service_id, depends_on_id))
    if cycle:
        path = " needs ".join(names[number] for number in cycle)
        raise errors.DependsOnItself(field="depends_on_id", service=names[service_id], path=path)


def _checked(fields: ServiceFields) -> dict[str, Any]:
    """The columns to write; raises an `Invalid` that names the field."""
    name = " ".join(fields.name.split())[:120]
    if not name:
        raise errors.NameMissing(field="name")
    if fields.tier not in _TIERS:
        raise errors.TierOutOfRange(field="tier", tier=fields.tier)
    if fields.criticality not in tuple(Criticality):
        raise errors.UnknownCriticality(
            field="criticality", criticality=fields.criticality, known=", ".join(Criticality)
        )
    identity_queries.team(fields.team_id)
    return {
        "name": name,
        "team_id": fields.team_id,
        "tier": fields.tier,
        "criticality": fields.criticality,
        "environments": _environments(fields.environments),
        "description": fields.description.strip(),
        "point_of_contact": fields.point_of_contact.strip()[:200],
        **{link: _link(link, getattr(fields, link)) for link in _LINKS},
    }


def _environments(chosen: Collection[str]) -> list[str]:
    known = [environment.value for environment in Environment]
    if not chosen or not set(chosen) <= set(known):
        raise errors.EnvironmentMissing(field="environments")
    return [value for value in known if value in set(chosen)]


def _link(field: str, url: str) -> str:
    url = url.strip()
    if url:
        try:
            _is_url(url)
        except ValidationError as error:
            raise errors.LinkNotValid(field=field, url=url) from error
    return url


def _lock(service_id: int) -> Service:
    service = Service.objects.select_for_update().filter(id=service_id).first()
    if service is None:
        raise errors.ServiceNotFound(service=service_id)
    return service


def _lock_all() -> dict[int, str]:
    rows = Service.objects.select_for_update().order_by("id")
    return dict(rows.values_list("id", "name"))
