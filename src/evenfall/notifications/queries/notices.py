"""Reads of notices: what was said to whom, and what became of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection
from msgspec import Struct

from evenfall.notifications import errors
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Action, Content
from evenfall.notifications.queries.channels import channel_icon, channel_label

CHECK, CLOSE = "check", "close"
SILENT = frozenset({CHECK, CLOSE})
"""What devices are told without anybody reading it."""
PRIVATE = frozenset({"verify", "test", "reply"}) | SILENT
_HIDDEN = "••••••"  # stands where a code stood: the inbox must not give away a proof


class NoticeView(Struct, frozen=True, kw_only=True):
    """One message to one person, with what became of it. Times are UTC."""

    id: int
    user_id: int
    subject: str
    purpose: str
    kind: str
    channel: str  # the kind, as people read it
    urgency: str
    state: str
    reason: str
    address: str
    attempts: int
    provider_id: str
    planned_at: datetime
    due_at: datetime
    first_due_at: datetime
    handed_over_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    read_at: datetime | None
    fallback_for_id: int | None
    title: str
    lines: tuple[str, ...]
    url: str
    severity: str
    actions: tuple[Action, ...]

    @property
    def icon(self) -> str:
        return channel_icon(self.kind)


def notices_for(subject: str) -> list[NoticeView]:
    """Every notice about a subject, in the order planned."""
    return [view(row) for row in Notice.objects.filter(subject=subject).order_by("id")]


def notices_about(subjects: Collection[str]) -> list[NoticeView]:
    """Every notice about any of these subjects, in the order planned: one query."""
    return [view(row) for row in Notice.objects.filter(subject__in=subjects).order_by("id")]


def notices_of_pages(subject: str) -> list[NoticeView]:
    """As `notices_for`, without what concerns one person only (tests, verifications)."""
    return [notice for notice in notices_for(subject) if notice.purpose not in PRIVATE]


def latest_to(contact_method_id: int, *, limit: int = 5) -> list[NoticeView]:
    """The newest notices to one contact method."""
    rows = Notice.objects.filter(contact_method_id=contact_method_id).exclude(purpose__in=SILENT)
    rows = rows.order_by("-id")
    return [view(row) for row in rows[:limit]]


def notice_of(*, notice_id: int, user_id: int) -> NoticeView:
    """One notice of this person. Raises NoticeNotFound."""
    row = Notice.objects.filter(id=notice_id, user_id=user_id).first()
    if row is None:
        raise errors.NoticeNotFound(notice_id=notice_id)
    return view(row)


# the literal lets the partial index be used
_NEXT_DUE: Final = """
SELECT min(due_at) FROM notifications_notice WHERE state = 'planned' AND due_at > %s
"""


def next_due(now: datetime) -> datetime | None:
    """When the next planned notice becomes due."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE, [now])
        found: datetime | None = cursor.fetchone()[0]
    return found


# the literals let the partial index be used
_HAS_URGENT: Final = """
SELECT EXISTS (SELECT FROM notifications_notice
                WHERE state = 'planned' AND due_at < %s AND urgency = 'high')
"""


def has_urgent(*, before: datetime) -> bool:
    """Whether a notice of high urgency was due before this instant and still waits for its turn."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_URGENT, [before])
        found: bool = cursor.fetchone()[0]
    return found


def view(row: Notice) -> NoticeView:
    content = msgspec.convert(row.content, Content)
    return NoticeView(
        id=row.id,
        user_id=row.user_id,
        subject=row.subject,
        purpose=row.purpose,
        kind=row.kind,
        channel=channel_label(row.kind),
        urgency=row.urgency,
        state=row.state,
        reason=row.reason,
        address=row.address,
        attempts=row.attempts,
        provider_id=row.provider_id,
        planned_at=row.planned_at,
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        handed_over_at=row.handed_over_at,
        accepted_at=row.accepted_at,
        finished_at=row.finished_at,
        read_at=row.read_at,
        fallback_for_id=row.fallback_for_id,
        title=content.title,
        lines=tuple(line.replace("{code}", _HIDDEN) for line in content.lines),
        url=content.url,
        severity=content.severity,
        actions=content.actions,
    )
