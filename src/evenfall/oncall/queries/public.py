"""What a page without sign-in shows, and whether a rota has one."""

from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.models import PublicPage
from evenfall.oncall.queries.boards import DutyView, rotas_now
from evenfall.oncall.queries.rotas import rotas
from evenfall.platform.crypto import token_hash


class PublicPageView(Struct, frozen=True, kw_only=True):
    """The open page of a rota; `hint` are the last characters of its secret."""

    shows_contact: bool
    hint: str
    created_at: datetime


class Seen(Struct, frozen=True, kw_only=True):
    """One person as everybody sees them; `email` is empty unless the page shows contacts.

    The reason why is not shown: it may hold a note that was written for colleagues.
    """

    name: str
    email: str
    starts_at: datetime
    ends_at: datetime


class PublicNow(Struct, frozen=True, kw_only=True):
    """Who is on call now and next by one rota, whose zone its times are shown in."""

    rota: str
    time_zone: str
    primary: Seen | None
    lieutenant: Seen | None
    next_primary: Seen | None


def public_page_of(rota_id: int) -> PublicPageView | None:
    row = PublicPage.objects.filter(rota_id=rota_id, revoked_at=None).first()
    if row is None:
        return None
    return PublicPageView(shows_contact=row.shows_contact, hint=row.hint, created_at=row.created_at)


def public_now(secret: str, *, now: datetime) -> PublicNow:
    """Who is on call behind the secret. Raises `PublicPageNotFound`, whatever is the reason."""
    row = PublicPage.objects.filter(token_hash=token_hash(secret), revoked_at=None).first()
    shown = rotas([row.rota_id]) if row else []
    if row is None or not shown:
        raise errors.PublicPageNotFound
    (line,) = rotas_now(shown, at=now)
    duties = (line.primary, line.lieutenant, line.next_primary)
    emails = _emails(duties) if row.shows_contact else {}
    primary, lieutenant, following = (_seen(duty, emails) for duty in duties)
    return PublicNow(
        rota=shown[0].name,
        time_zone=shown[0].time_zone,
        primary=primary,
        lieutenant=lieutenant,
        next_primary=following,
    )


def _emails(duties: tuple[DutyView | None, ...]) -> dict[int, str]:
    people = identity_queries.people({duty.user_id for duty in duties if duty})
    return {user_id: person.email for user_id, person in people.items()}


def _seen(duty: DutyView | None, emails: dict[int, str]) -> Seen | None:
    if duty is None:
        return None
    email = emails.get(duty.user_id, "")
    return Seen(name=duty.name, email=email, starts_at=duty.starts_at, ends_at=duty.ends_at)
