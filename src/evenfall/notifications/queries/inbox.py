"""Reads of the inbox, the channel that always works."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db.models import Count, QuerySet
from msgspec import Struct

from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice
from evenfall.notifications.queries.notices import SILENT, NoticeView, view
from evenfall.notifications.queries.replies import REPLY
from evenfall.platform import pages

WORST_FIRST = (
    NoticeState.FAILED,
    NoticeState.UNKNOWN,
    NoticeState.PLANNED,
    NoticeState.CLAIMED,
    NoticeState.SENT,
    NoticeState.ACCEPTED,
    NoticeState.DELIVERED,
    NoticeState.CANCELLED,
)

UNREAD = Count("subject", distinct=True)


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the inbox: the same message over one or several channels, newest first."""

    notices: tuple[NoticeView, ...]

    @property
    def first(self) -> NoticeView:
        return self.notices[0]

    @property
    def state(self) -> str:
        """The state that needs looking at most: one failure among successes must be seen."""
        return min(
            (notice.state for notice in self.notices),
            key=lambda state: WORST_FIRST.index(NoticeState(state)),
        )

    @property
    def is_unread(self) -> bool:
        return any(notice.read_at is None for notice in self.notices)


def inbox(*, user_id: int, now: datetime, cursor: str | None) -> pages.Page[NoticeView]:
    """What has become due for a person, newest first, whatever became of it."""
    found = pages.keyset(_come(user_id, now), order=("-first_due_at", "-id"), cursor=cursor)
    return found.holding([view(row) for row in found.items])


def entries(notices: Iterable[NoticeView]) -> list[Entry]:
    """Notices of one list as lines: neighbours that say the same about the same are one line."""
    groups = groupby(notices, key=lambda notice: (notice.subject, notice.purpose, notice.title))
    return [Entry(notices=tuple(group)) for _, group in groups]


def unread_count(*, user_id: int, now: datetime) -> int:
    """The badge: things not looked at yet; one thing on three channels counts once."""
    counted: dict[str, int] = unread(user_id=user_id, now=now).aggregate(n=UNREAD)
    return counted["n"]


def unread(*, user_id: int, now: datetime) -> "QuerySet[Notice]":
    """What the badge counts as `UNREAD`, for a query that counts more than that."""
    rows = _come(user_id, now).filter(read_at=None)
    return rows.exclude(state=NoticeState.CANCELLED.value)


def _come(user_id: int, now: datetime) -> "QuerySet[Notice]":
    due = Notice.objects.filter(user_id=user_id, first_due_at__lte=now)
    # what we wrote back stands on the telephone already
    return due.exclude(purpose__in=[REPLY, *SILENT])
