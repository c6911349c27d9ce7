"""The addresses of a team for mail: made, and closed."""

import secrets
import string
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.platform.crypto import token_hash
from evenfall.platform.events import publish
from evenfall.triage import errors, events
from evenfall.triage.models import MailSource

KEY_LENGTH = 32
"""Small letters and digits, since mail servers change capital ones: 165 bits."""
HINT_LENGTH = 4
NAME_LENGTH = 80
_ALPHABET = string.ascii_lowercase + string.digits


class MailSourceWish(Struct, frozen=True, kw_only=True):
    """An address by its purpose; with `answers` reporters are told the number of their item."""

    name: str
    service_id: int | None = None
    answers: bool = True


@transaction.atomic
def open_mail_source(
    *, team_id: int, wish: MailSourceWish, now: datetime, actor: str
) -> tuple[int, str]:
    """Return the number and the key of a new address, which nobody can show again.

    Raises `TeamNotFound`, `ServiceNotFound`, `ItemIncomplete`.
    """
    identity_queries.team(team_id)
    if wish.service_id is not None:
        catalog_queries.service(wish.service_id)
    name = _checked_name(team_id, wish.name)
    key = "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))
    row = MailSource.objects.create(
        team_id=team_id,
        service_id=wish.service_id,
        name=name,
        answers=wish.answers,
        key_hash=token_hash(key),
        key_hint=key[-HINT_LENGTH:],
        created_at=now,
    )
    _publish(row, {"mail": "opened", "name": name, "answers": wish.answers}, now, actor)
    return row.pk, key


@transaction.atomic
def close_mail_source(*, team_id: int, source_id: int, now: datetime, actor: str) -> None:
    """Let the address take nothing from now on. Raises `MailSourceNotFound`."""
    rows = MailSource.objects.select_for_update().filter(team_id=team_id, closed_at=None)
    row = rows.filter(id=source_id).first()
    if row is None:
        raise errors.MailSourceNotFound(source_id=source_id)
    row.closed_at = max(now, row.created_at)
    row.save(update_fields=["closed_at"])
    _publish(row, {"mail": "closed", "name": row.name}, now, actor)


def _checked_name(team_id: int, given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > NAME_LENGTH:
        raise errors.ItemIncomplete(
            reason="Say in 1 to 80 letters who writes to this address.", field="name"
        )
    if MailSource.objects.filter(team_id=team_id, name=name, closed_at=None).exists():
        raise errors.ItemIncomplete(
            reason="Another address of the team has this name.", field="name"
        )
    return name


def _publish(row: MailSource, after: dict[str, object], now: datetime, actor: str) -> None:
    publish(events.TeamReviewChanged(team_id=row.team_id, after=after, at=now, actor=actor))
