"""Reads for answers that come back as text: whose number it is, and what it can be about."""

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from evenfall.notifications.logic.responding import LIFETIME
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Content

REPLY: Final = "reply"  # the purpose of what we write back
_MOST: Final = 200


class Answerable(Struct, frozen=True, kw_only=True):
    """A message that can be answered with `code`; the newest one of those with this code."""

    notice_id: int
    user_id: int
    contact_method_id: int
    subject: str
    code: int
    title: str
    actions: tuple[str, ...]


class Owner(Struct, frozen=True, kw_only=True):
    """Somebody who proved that a number is theirs. `is_working`: it was not switched off since."""

    contact_method_id: int
    user_id: int
    language: str
    is_working: bool


def owners_of_number(number: str, *, kind: str) -> list[Owner]:
    """Whose number this is, the oldest first; several people may share one."""
    rows = ContactMethod.objects.filter(kind=kind, address=number, verified_at__isnull=False)
    return [
        Owner(
            contact_method_id=row.id,
            user_id=row.user_id,
            language=row.user.language,
            is_working=row.broken_at is None,
        )
        for row in rows.select_related("user").order_by("id")
    ]


def answerable(number: str, *, kind: str, now: datetime) -> list[Answerable]:
    """What went to this proved number and can still be answered, the newest first."""
    rows = Notice.objects.filter(
        address=number,
        reply_code__isnull=False,
        kind=kind,
        attempts__gt=0,
        planned_at__gt=now - LIFETIME,
        contact_method__verified_at__isnull=False,
    ).order_by("-id")[:_MOST]
    newest: dict[int, Answerable] = {}
    for row in rows:
        found = _answerable(row)
        if found is not None:
            newest.setdefault(found.code, found)
    return list(newest.values())


def replies_since(contact_method_id: int, *, since: datetime) -> list[str]:
    """The tags of what we wrote back to a contact method since then."""
    rows = Notice.objects.filter(
        contact_method_id=contact_method_id, purpose=REPLY, planned_at__gte=since
    )
    return [str(content.get("tag", "")) for content in rows.values_list("content", flat=True)]


def _answerable(row: Notice) -> Answerable | None:
    if row.reply_code is None or row.contact_method_id is None:
        return None
    content = msgspec.convert(row.content, Content)
    return Answerable(
        notice_id=row.id,
        user_id=row.user_id,
        contact_method_id=row.contact_method_id,
        subject=row.subject,
        code=row.reply_code,
        title=content.title,
        actions=tuple(action.name for action in content.actions),
    )
