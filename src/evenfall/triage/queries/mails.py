"""The addresses that mail for review comes to, and what of it was of no use."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.crypto import token_hash
from evenfall.triage import errors
from evenfall.triage.models import ItemMail, MailSource

MOST_SHOWN = 100


class MailSourceView(Struct, frozen=True, kw_only=True):
    """An open address; `items` mails became or belong to items, `refused` were of no use."""

    id: int
    team_id: int
    name: str
    service_id: int | None
    service: str
    answers: bool
    key_hint: str
    created_at: datetime
    items: int = 0
    refused: int = 0


class RefusedMail(Struct, frozen=True, kw_only=True):
    """A mail of no use, with the reason."""

    sender: str
    subject: str
    problem: str
    at: datetime


def mail_source_of_key(key: str) -> MailSourceView | None:
    """The open address with this key."""
    rows = MailSource.objects.filter(key_hash=token_hash(key), closed_at=None)
    return next(iter(_views(rows)), None)


def mail_source_of_item(item_id: int) -> MailSourceView | None:
    """The address that an item came by, while it is open."""
    rows = MailSource.objects.filter(mails__item_id=item_id, closed_at=None)
    return next(iter(_views(rows.order_by("mails__id")[:1])), None)


def mail_sources(team_id: int) -> list[MailSourceView]:
    """The open addresses of a team by name, with how much came to each."""
    rows = MailSource.objects.filter(team_id=team_id, closed_at=None).order_by("name")
    is_refused = Q(mails__item=None, mails__isnull=False)
    counted = rows.annotate(items=Count("mails__item"), refused=Count("mails", filter=is_refused))
    return _views(counted)


def mail_source(team_id: int, source_id: int) -> MailSourceView:
    """Raise `MailSourceNotFound` when the team has no such open address."""
    found = next((one for one in mail_sources(team_id) if one.id == source_id), None)
    if found is None:
        raise errors.MailSourceNotFound(source_id=source_id)
    return found


def refused_mails(source_id: int) -> list[RefusedMail]:
    """The last mails of no use, the newest first."""
    rows = ItemMail.objects.filter(source_id=source_id, item=None).order_by("-id")[:MOST_SHOWN]
    return [
        RefusedMail(sender=row.sender, subject=row.subject, problem=row.problem, at=row.at)
        for row in rows
    ]


def _views(rows: Iterable[MailSource]) -> list[MailSourceView]:
    rows = list(rows)
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    return [
        MailSourceView(
            id=row.pk,
            team_id=row.team_id,
            name=row.name,
            service_id=row.service_id,
            service=services[row.service_id].name if row.service_id in services else "",
            answers=row.answers,
            key_hint=row.key_hint,
            created_at=row.created_at,
            items=getattr(row, "items", 0),
            refused=getattr(row, "refused", 0),
        )
        for row in rows
    ]
