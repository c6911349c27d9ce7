"""Sources of changes: keys that tools report with. Keys and secrets are shown once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from msgspec import Struct, field

from evenfall.catalog import queries as catalog_queries
from evenfall.changes import errors, events
from evenfall.changes.models import ChangeSource
from evenfall.changes.ports import ChangeFormat, Signing, formats
from evenfall.platform.crypto import new_key, new_token, token_hash
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields

_HINT: Final = 4
_NAME_LENGTH: Final = 120
_ABOUT_LENGTH: Final = 200


class SourceWish(Struct, frozen=True, kw_only=True):
    """A source as somebody wrote it.

    `mapping` leads from what the sender calls a thing to the slug of a service. With `is_signed`
    senders that may sign have to.
    """

    name: str
    kind: str
    service_id: int | None = None
    team_id: int | None = None
    environment: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    is_signed: bool = False


class Keys(Struct, frozen=True, kw_only=True):
    """What is shown once; `secret` is empty where nothing is signed."""

    key: str
    secret: str


@transaction.atomic
def create_source(*, wish: SourceWish, now: datetime, actor: str) -> tuple[int, Keys]:
    """Make a source; return its id and its keys, which are never shown again.

    Raises `SourceNameMissing`, `SourceNameTaken`, `SourceKindUnknown`, `MappedServiceUnknown` and
    catalog's `ServiceNotFound`.
    """
    one = _checked(wish, but=None)
    row = ChangeSource(created_at=now, kind=wish.kind)
    keys = _give_keys(row, is_signed=_is_signed(one, wish))
    _write(row, wish)
    _announce(row, "created", {}, _words(row), now=now, actor=actor)
    return row.pk, keys


@transaction.atomic
def change_source(*, source_id: int, wish: SourceWish, now: datetime, actor: str) -> None:
    """Change all but the kind, the keys and whether it is signed; raises as `create_source`.

    And `SourceNotFound`. What it reported before keeps the name it had then.
    """
    row = _locked(source_id)
    _checked(wish, but=source_id)
    before = _words(row)
    _write(row, wish)
    changed = changed_fields(before, _words(row))
    old = {name: value for name, (value, _) in changed.items()}
    new = {name: value for name, (_, value) in changed.items()}
    _announce(row, "changed", old, new, now=now, actor=actor)


@transaction.atomic
def new_keys(*, source_id: int, is_signed: bool, now: datetime, actor: str) -> Keys:
    """Give it a new key and secret; the old ones work no more. Raises `SourceNotFound`."""
    row = _locked(source_id)
    one = formats().get(row.kind)
    signs = one is not None and _is_signed(one, SourceWish(name="", kind="", is_signed=is_signed))
    keys = _give_keys(row, is_signed=signs)
    row.save()
    _announce(row, "rekeyed", {}, {"signed": signs}, now=now, actor=actor)
    return keys


@transaction.atomic
def switch_source(*, source_id: int, enabled: bool, now: datetime, actor: str) -> None:
    """Let the key in, or no longer; what it reported stays. Raises `SourceNotFound`."""
    row = _locked(source_id)
    if row.is_enabled == enabled:
        return
    row.is_enabled = enabled
    row.save(update_fields=["is_enabled"])
    _announce(row, "enabled" if enabled else "disabled", {}, {}, now=now, actor=actor)


def _checked(wish: SourceWish, *, but: int | None) -> ChangeFormat:
    name = wish.name.strip()[:_NAME_LENGTH]
    if not name:
        raise errors.SourceNameMissing(field="name")
    # changes are told apart by the name of their source and their number there
    if ChangeSource.objects.filter(name=name).exclude(id=but or 0).exists():
        raise errors.SourceNameTaken(field="name")
    one = formats().get(wish.kind)
    if one is None:
        raise errors.SourceKindUnknown(field="kind", kind=wish.kind)
    if wish.service_id is not None:
        catalog_queries.service(wish.service_id)
    _check_mapping(wish.mapping)
    return one


def _check_mapping(mapping: Mapping[str, str]) -> None:
    known = catalog_queries.services_named(ids=(), slugs=set(mapping.values()))
    slugs = {service.slug for service in known.values()}
    for about, slug in mapping.items():
        if slug not in slugs:
            raise errors.MappedServiceUnknown(field="mapping", service=slug, about=about)


def _is_signed(one: ChangeFormat, wish: SourceWish) -> bool:
    if one.signing is Signing.MAY:
        return wish.is_signed
    return one.signing is Signing.ALWAYS


def _give_keys(row: ChangeSource, *, is_signed: bool) -> Keys:
    key = new_key()
    row.key_hash, row.key_hint = token_hash(key), f"…{key[-_HINT:]}"
    row.secret = new_token("") if is_signed else ""
    return Keys(key=key, secret=row.secret)


def _write(row: ChangeSource, wish: SourceWish) -> None:
    row.name = wish.name.strip()[:_NAME_LENGTH]
    row.service_id = wish.service_id
    row.team_id = wish.team_id
    row.environment = wish.environment
    row.mapping = {about[:_ABOUT_LENGTH]: slug for about, slug in wish.mapping.items()}
    row.save()


def _locked(source_id: int) -> ChangeSource:
    row = ChangeSource.objects.select_for_update().filter(id=source_id).first()
    if row is None:
        raise errors.SourceNotFound(source_id=source_id)
    return row


def _words(row: ChangeSource) -> dict[str, Any]:
    return {
        "name": row.name,
        "service_id": row.service_id,
        "team_id": row.team_id,
        "environment": row.environment,
        "mapping": row.mapping,
    }


def _announce(
    row: ChangeSource,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.ChangeSourceChanged(
            source_id=row.pk,
            name=row.name,
            what=what,
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
