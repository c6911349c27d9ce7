"""Pages that show without sign-in who is on call: opened and closed by administrators."""

from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events
from evenfall.oncall.models import PublicPage, Rota
from evenfall.platform.crypto import new_token, token_hash
from evenfall.platform.events import publish

PREFIX = "evf_public_"
HINT_LENGTH = 4


@transaction.atomic
def open_public_page(*, rota_id: int, shows_contact: bool, now: datetime, actor: str) -> str:
    """Return the secret of a new address, which nobody can show again; an older one ends.

    Locks the rota. Raises `RotaNotFound`.
    """
    rota = _lock(rota_id)
    PublicPage.objects.filter(rota=rota, revoked_at=None).update(revoked_at=now)
    secret = new_token(PREFIX)
    PublicPage.objects.create(
        rota=rota,
        token_hash=token_hash(secret),
        hint=secret[-HINT_LENGTH:],
        shows_contact=shows_contact,
        created_at=now,
    )
    publish(
        events.PublicPageOpened(
            rota_id=rota.id,
            team_id=rota.team_id,
            after={"shows_contact": shows_contact},
            at=now,
            actor=actor,
        )
    )
    return secret


@transaction.atomic
def close_public_page(*, rota_id: int, now: datetime, actor: str) -> None:
    """Let the address answer as if it had never been. Raises `PublicPageNotFound`."""
    rota = _lock(rota_id)
    row = PublicPage.objects.filter(rota=rota, revoked_at=None).first()
    if row is None:
        raise errors.PublicPageNotFound
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    before = {"shows_contact": row.shows_contact}
    publish(
        events.PublicPageClosed(
            rota_id=rota.id, team_id=rota.team_id, before=before, at=now, actor=actor
        )
    )


def _lock(rota_id: int) -> Rota:
    rota = Rota.objects.select_for_update().filter(id=rota_id, deleted_at=None).first()
    if rota is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    return rota
