"""How a page looks: colour, logo, languages, and a domain of its own."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.platform import pictures
from evenfall.platform.events import publish
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.pages import locked, touch
from evenfall.statuspages.logic.colours import accent_of
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.models import Look, StatusPage

LOGO_SIZE: Final = 512 * 1024
MOST_SIDE: Final = 2000
_DOMAIN: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


class LookWish(Struct, frozen=True, kw_only=True):
    """`accent` "" leaves our colour; the first language is for whoever accepts none of them."""

    accent: str = ""
    languages: Sequence[Language] = (Language.EN,)
    domain: str = ""


def change_look(*, status_page_id: int, wish: LookWish, now: datetime, actor: str) -> None:
    """Raises StatusPageNotFound, LookNotUsable, DomainTaken. The logo stays as it is."""
    with transaction.atomic():
        page = locked(status_page_id)
        row = _look(page)
        before = _snapshot(row)
        row.accent = _accent(wish.accent)
        row.languages = list(dict.fromkeys(one.value for one in wish.languages)) or ["en"]
        row.domain = _domain(wish.domain)
        _save(row, now)
        _tell(page, before, _snapshot(row), now=now, actor=actor)


def change_logo(*, status_page_id: int, body: bytes, now: datetime, actor: str) -> None:
    """Keep an image as the logo of a page; no bytes take it away. Raises LookNotUsable.

    What it is, is read from its bytes. It is a copy, so that no link to it can die.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = _look(page)
        before = _snapshot(row)
        row.logo, row.logo_type = body, _logo_type(body) if body else ""
        row.logo_digest = sha256(body).hexdigest()[:16] if body else ""
        _save(row, now)
        _tell(page, before, _snapshot(row), now=now, actor=actor)


def _look(page: StatusPage) -> Look:
    return Look.objects.filter(page=page).first() or Look(page=page, languages=["en"])


def _save(row: Look, now: datetime) -> None:
    row.changed_at = now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.DomainTaken(domain=row.domain) from error


def _accent(colour: str) -> str:
    if not colour.strip():
        return ""
    accent = accent_of(colour)
    if accent is None:
        reason = "a colour looks like #1a2b3c."
        raise errors.LookNotUsable(reason=reason, field="accent")
    return accent.colour


def _domain(domain: str) -> str:
    """The name alone, as browsers say it; ours are not to be given away."""
    plain = domain.strip().rstrip(".").lower()
    if not plain:
        return ""
    if not _DOMAIN.fullmatch(plain):
        reason = "a domain looks like status.example.org, without https:// and without a port."
        raise errors.LookNotUsable(reason=reason, field="domain")
    if plain in {host.lower().lstrip(".") for host in settings.ALLOWED_HOSTS}:
        reason = "this domain is the one of Evenfall itself."
        raise errors.LookNotUsable(reason=reason, field="domain")
    return plain


def _logo_type(body: bytes) -> str:
    if len(body) > LOGO_SIZE:
        raise errors.LookNotUsable(reason="a logo has at most 512 KB.", field="logo")
    found = pictures.picture(body)
    if found is None:
        reason = "a logo is a PNG, JPEG, WebP or GIF image."
        raise errors.LookNotUsable(reason=reason, field="logo")
    if max(found.width, found.height) > MOST_SIDE:
        reason = f"a logo is at most {MOST_SIDE} points wide and high."
        raise errors.LookNotUsable(reason=reason, field="logo")
    return found.content_type.value


def _snapshot(row: Look) -> dict[str, Any]:
    return {
        "accent": row.accent,
        "languages": list(row.languages),
        "domain": row.domain,
        "logo": row.logo_digest,
    }


def _tell(
    page: StatusPage, before: dict[str, Any], after: dict[str, Any], *, now: datetime, actor: str
) -> None:
    touch(page.pk, now=now)
    publish(
        events.StatusPageChanged(
            status_page_id=page.pk, what="look", before=before, after=after, at=now, actor=actor
        )
    )
