"""Integrations: keys that tools send to. A key is shown once; only its hash is kept."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from string import ascii_lowercase, digits
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.alerting import errors, events
from evenfall.alerting.actions.books import LONGEST_NOTE
from evenfall.alerting.logic.mapping import problems_of
from evenfall.alerting.logic.snippets import KINDS, MAIL
from evenfall.alerting.models import Integration, MappingVersion
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.crypto import new_key, token_hash
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields

# so long the old key still works after a rotation, for all senders to be told the new one
OVERLAP = timedelta(days=7)
_KEY_LENGTH = 32
_HINT = 4
_PLAIN_JSON = "json"
_SAID = 4
# what every sender can put into an address or a header; shorter ones could be guessed
_KEY = re.compile(r"[A-Za-z0-9_-]{20,128}")
_MAIL_KEY = re.compile(r"[a-z0-9]{20,60}")
_LEAST_VARIED = 8
_LOCK_KEYS = "SELECT pg_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('keys'))"
_SMALL = ascii_lowercase + digits


class IntegrationDraft(Struct, frozen=True, kw_only=True):
    """An integration as somebody wrote it. `mapping` is as `logic.mapping` tells.

    `secret` is what the sender signs with; None leaves it as it is, "" takes it away.
    """

    name: str
    kind: str
    service_id: int | None = None
    team_id: int | None = None
    environment: str = ""
    mapping: Mapping[str, str] | None = None
    secret: str | None = None


def create_integration(
    *, draft: IntegrationDraft, key: str | None = None, now: datetime, actor: str
) -> tuple[int, str]:
    """Make an integration; return its id and its key, which is never shown again.

    A `key` is one that its senders have already. Raises NameMissing, IntegrationKindUnknown,
    ServiceUnknown, KeyNotValid, KeyTaken.
    """
    _check(draft)
    key = _new_key(draft.kind) if key is None else key
    with transaction.atomic():
        _check_key(key, draft.kind, own_id=0)
        row = Integration(created_at=now, key_hash=token_hash(key), key_hint=_hint(key))
        _write(row, draft)
        if row.mapping:
            keep_version(row, {}, now=now, actor=actor)
        announce(row, what="created", before={}, after=_words(row), now=now, actor=actor)
    return row.id, key


def change_integration(
    *, integration_id: int, draft: IntegrationDraft, now: datetime, actor: str
) -> None:
    """Change all but the key; raises as `create_integration`, IntegrationNotFound."""
    _check(draft)
    with transaction.atomic():
        row = locked(integration_id)
        before = _words(row)
        _write(row, draft)
        keep_version(row, before["mapping"], now=now, actor=actor)
        changed = changed_fields(before, _words(row))
        announce(
            row,
            what="changed",
            before={name: old for name, (old, _) in changed.items()},
            after={name: new for name, (_, new) in changed.items()} | _new_secret(draft),
            now=now,
            actor=actor,
        )


def rotate_key(*, integration_id: int, now: datetime, actor: str) -> str:
    """Give it a new key and return that; the old one works for `OVERLAP` more."""
    return set_key(integration_id=integration_id, key=None, now=now, actor=actor)


def set_key(*, integration_id: int, key: str | None, now: datetime, actor: str) -> str:
    """Give it this key, or a new one, and return it; the old one works for `OVERLAP` more.

    The key it has already changes nothing. Raises IntegrationNotFound, KeyNotValid, KeyTaken.
    """
    with transaction.atomic():
        row = locked(integration_id)
        key = _new_key(row.kind) if key is None else key
        if bytes(row.key_hash) == token_hash(key):
            return key
        _check_key(key, row.kind, own_id=row.id)
        row.previous_key_hash = row.key_hash
        row.previous_key_until = now + OVERLAP
        row.key_hash = token_hash(key)
        row.key_hint = _hint(key)
        row.save()
        until = row.previous_key_until.isoformat()
        announce(
            row,
            what="key rotated",
            before={},
            after={"previous_key_until": until},
            now=now,
            actor=actor,
        )
    return key


def switch_integration(*, integration_id: int, enabled: bool, now: datetime, actor: str) -> None:
    """Let the key in, or no longer. Alerts that are open stay."""
    with transaction.atomic():
        row = locked(integration_id)
        if row.is_enabled == enabled:
            return
        row.is_enabled = enabled
        row.save(update_fields=["is_enabled"])
        what = "enabled" if enabled else "disabled"
        announce(row, what=what, before={}, after={}, now=now, actor=actor)


def _check_key(key: str, kind: str, *, own_id: int) -> None:
    """Raise KeyNotValid for one that could be guessed or not be sent, KeyTaken for another's."""
    allowed = _MAIL_KEY if kind == MAIL else _KEY
    if not allowed.fullmatch(key) or len(set(key)) < _LEAST_VARIED:
        raise errors.KeyNotValid(field="key")
    # two that are made at once are told apart by the unique columns; among both columns only here
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_KEYS)
    digest = token_hash(key)
    taken = Integration.objects.filter(Q(key_hash=digest) | Q(previous_key_hash=digest))
    if taken.exclude(id=own_id).exists():
        raise errors.KeyTaken(field="key")


def _check(draft: IntegrationDraft) -> None:
    if not draft.name.strip():
        raise errors.NameMissing(field="name")
    if draft.kind not in KINDS:
        raise errors.IntegrationKindUnknown(field="kind", kind=draft.kind, kinds=", ".join(KINDS))
    if draft.kind == _PLAIN_JSON:
        check_mapping(draft.mapping or {})
    if draft.service_id is not None and not catalog_queries.services([draft.service_id]):
        raise errors.ServiceUnknown(field="service", service_id=draft.service_id)


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise MappingNotValid for the first line that cannot be used."""
    for problem in problems_of(mapping):
        raise errors.MappingNotValid(field="mapping", reason=problem.reason)


def keep_version(
    row: Integration,
    before: Mapping[str, str],
    *,
    now: datetime,
    actor: str,
    note: str = "",
    what: str = "",
) -> None:
    """Keep a mapping that changed as a version; the first change keeps what was before as well."""
    changed = changed_fields(before, row.mapping)
    if not changed:
        return
    if not MappingVersion.objects.filter(integration=row).exists():
        MappingVersion.objects.create(
            integration=row,
            mapping=dict(before),
            created_at=row.created_at,
            created_by="system",
            what="As it was",
        )
    names = ", ".join(list(changed)[:_SAID]) + (" and more" if len(changed) > _SAID else "")
    MappingVersion.objects.create(
        integration=row,
        mapping=row.mapping,
        created_at=now,
        created_by=actor,
        what=". ".join(part for part in (what, f"Changed {names}") if part),
        note=note.strip()[:LONGEST_NOTE],
    )


def _new_key(kind: str) -> str:
    """Return a key of 32 letters and digits, the length that PagerDuty's senders insist on.

    In a mail address capital letters do not survive: its key has small ones only, 165 bits.
    """
    if kind == MAIL:
        return "".join(secrets.choice(_SMALL) for _ in range(_KEY_LENGTH))
    return new_key(_KEY_LENGTH)


def _hint(key: str) -> str:
    return f"…{key[-_HINT:]}"


def _write(row: Integration, draft: IntegrationDraft) -> None:
    row.name = draft.name.strip()[:120]
    row.kind = draft.kind
    row.service_id = draft.service_id
    row.team_id = draft.team_id
    row.environment = draft.environment
    row.mapping = dict(draft.mapping or {})
    if draft.secret is not None:
        row.secret = draft.secret.strip() or None  # type: ignore[assignment] # it is nullable
    row.save()


def locked(integration_id: int) -> Integration:
    row = Integration.objects.select_for_update().filter(id=integration_id).first()
    if row is None:
        raise errors.IntegrationNotFound(integration_id=integration_id)
    return row


def _words(row: Integration) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "service_id": row.service_id,
        "team_id": row.team_id,
        "environment": row.environment,
        "mapping": row.mapping,
        "has_secret": row.secret is not None,
    }


def _new_secret(draft: IntegrationDraft) -> dict[str, Any]:
    """Say that there is another secret, and never which."""
    return {"secret": "set"} if draft.secret else {}


def announce(
    row: Integration,
    *,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.IntegrationChanged(
            at=now,
            actor=actor,
            integration_id=row.id,
            name=row.name,
            what=what,
            before=before,
            after=after,
        )
    )
