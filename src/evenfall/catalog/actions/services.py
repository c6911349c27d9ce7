"""Services: made, changed, given away, archived and brought back, one or many at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify
from msgspec import Struct

from evenfall.catalog import errors, events
from evenfall.catalog.models import Service
from evenfall.catalog.ports import Criticality, Environment
from evenfall.identity import queries as identity_queries
from evenfall.identity.errors import TeamNotFound
from evenfall.platform.events import publish
from evenfall.platform.locks import locked
from evenfall.platform.recordset import json_rows
from evenfall.platform.slugs import first_taken

_TIERS = range(1, 5)
_SLUG_LENGTH = 80
_LINKS = ("runbook_url", "dashboard_url", "repository_url")
_is_url = URLValidator(schemes=["http", "https"])


class ServiceFields(Struct, frozen=True, kw_only=True):
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


class NewService(Struct, frozen=True, kw_only=True):
    """A service to make; its slug is made from its name unless given."""

    fields: ServiceFields
    slug: str = ""


def create_service(*, fields: ServiceFields, slug: str = "", now: datetime, actor: str) -> int:
    """Return the id of a new service; raises as `create_services`."""
    wanted = [NewService(fields=fields, slug=slug)]
    return create_services(wanted=wanted, now=now, actor=actor)[0]


@transaction.atomic
def create_services(*, wanted: Sequence[NewService], now: datetime, actor: str) -> list[int]:
    """Make all of these services or none; return their ids in this order.

    The number of statements is the same however many. Raises `SlugTaken`, and `Invalid` errors
    that name the field.
    """
    checked = _checked([one.fields for one in wanted])
    slugs = [_slug(one) for one in wanted]
    rows = [
        Service(slug=slug, created_at=now, **values)
        for slug, values in zip(slugs, checked, strict=True)
    ]
    try:
        with transaction.atomic():
            Service.objects.bulk_create(rows)
    except IntegrityError as error:
        if (slug := first_taken(Service, slugs)) is None:
            raise
        raise errors.SlugTaken(slug=slug) from error
    publish(
        *(
            events.ServiceCreated(
                service_id=row.id, after={"slug": row.slug, **values}, at=now, actor=actor
            )
            for row, values in zip(rows, checked, strict=True)
        )
    )
    return [row.id for row in rows]


def change_service(*, service_id: int, fields: ServiceFields, now: datetime, actor: str) -> None:
    """Change what is said about a service; its slug stays, links to it keep working."""
    change_services(wanted={service_id: fields}, now=now, actor=actor)


# all columns at once: rows are locked, so that none is older than what was read
_CHANGE: Final = """
UPDATE catalog_service service
   SET name = said.name, team_id = said.team_id, tier = said.tier,
       criticality = said.criticality, environments = said.environments,
       description = said.description, runbook_url = said.runbook_url,
       dashboard_url = said.dashboard_url, repository_url = said.repository_url,
       point_of_contact = said.point_of_contact
  FROM jsonb_to_recordset(%s::jsonb)
       AS said (id bigint, name text, team_id bigint, tier smallint, criticality text,
                environments text[], description text, runbook_url text, dashboard_url text,
                repository_url text, point_of_contact text)
 WHERE service.id = said.id
"""


@transaction.atomic
def change_services(*, wanted: Mapping[int, ServiceFields], now: datetime, actor: str) -> None:
    """Change what is said about these services, by their ids; nothing for those that say it.

    The number of statements is the same however many. Raises `ServiceNotFound`, and `Invalid`
    errors that name the field.
    """
    rows = _lock(wanted)
    after = dict(zip(wanted, _checked(list(wanted.values())), strict=True))
    before = {
        number: {name: getattr(rows[number], name) for name in values}
        for number, values in after.items()
    }
    changed = {
        number: [name for name, value in values.items() if before[number][name] != value]
        for number, values in after.items()
    }
    said = [{"id": number, **after[number]} for number, names in changed.items() if names]
    if not said:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [json_rows(said)])
    publish(
        *(
            events.ServiceChanged(
                service_id=number,
                before={name: before[number][name] for name in names},
                after={name: after[number][name] for name in names},
                at=now,
                actor=actor,
            )
            for number, names in changed.items()
            if names
        )
    )


@transaction.atomic
def give_service(
    *, service_id: int, team_id: int, seen_team_id: int, now: datetime, actor: str
) -> bool:
    """Let another team own a service; False when it is not that of `seen_team_id` any more.

    All else about it stays. Raises ServiceNotFound, TeamNotFound.
    """
    service = _lock([service_id])[service_id]
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


def archive_service(*, service_id: int, now: datetime, actor: str) -> None:
    """Take a service out of lists and choices. Doing it twice does nothing."""
    archive_services(service_ids=[service_id], now=now, actor=actor)


@transaction.atomic
def archive_services(*, service_ids: Collection[int], now: datetime, actor: str) -> None:
    """Take services out of lists and choices; those that are out of them stay so."""
    there = [row for row in _lock(service_ids).values() if row.archived_at is None]
    _set_archived(there, now, events.ServiceArchived, now=now, actor=actor)


def restore_service(*, service_id: int, now: datetime, actor: str) -> None:
    """Bring an archived service back. Doing it twice does nothing."""
    restore_services(service_ids=[service_id], now=now, actor=actor)


@transaction.atomic
def restore_services(*, service_ids: Collection[int], now: datetime, actor: str) -> None:
    """Bring archived services back; those that are there stay so."""
    gone = [row for row in _lock(service_ids).values() if row.archived_at is not None]
    _set_archived(gone, None, events.ServiceRestored, now=now, actor=actor)


def _set_archived(
    rows: Collection[Service],
    archived_at: datetime | None,
    fact: type[events.ServiceArchived | events.ServiceRestored],
    *,
    now: datetime,
    actor: str,
) -> None:
    if not rows:
        return
    Service.objects.filter(id__in=[row.id for row in rows]).update(archived_at=archived_at)
    is_gone = archived_at is not None
    before, after = {"archived": not is_gone}, {"archived": is_gone}
    publish(
        *(fact(service_id=row.id, before=before, after=after, at=now, actor=actor) for row in rows)
    )


def _slug(one: NewService) -> str:
    slug = one.slug.strip() or slugify(one.fields.name)[:_SLUG_LENGTH]
    if slug != slugify(slug)[:_SLUG_LENGTH] or slug in {"", "new"}:
        raise errors.SlugNotValid(field="slug", slug=slug or "an empty one")
    return slug


def _checked(wanted: Sequence[ServiceFields]) -> list[dict[str, Any]]:
    """The columns to write; raises an `Invalid` that names the field. One query for all."""
    teams = {team.id for team in identity_queries.teams({one.team_id for one in wanted})}
    return [_values(one, teams) for one in wanted]


def _values(fields: ServiceFields, teams: Collection[int]) -> dict[str, Any]:
    name = " ".join(fields.name.split())[:120]
    if not name:
        raise errors.NameMissing(field="name")
    if fields.tier not in _TIERS:
        raise errors.TierOutOfRange(field="tier", tier=fields.tier)
    if fields.criticality not in tuple(Criticality):
        raise errors.UnknownCriticality(
            field="criticality", criticality=fields.criticality, known=", ".join(Criticality)
        )
    if fields.team_id not in teams:
        raise TeamNotFound(team=fields.team_id)
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


def _lock(service_ids: Collection[int]) -> dict[int, Service]:
    """Raises `ServiceNotFound` for the first that is lost."""
    return locked(
        Service.objects.all(), service_ids, lost=lambda lost: errors.ServiceNotFound(service=lost)
    )
