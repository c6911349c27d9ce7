"""Find the notices of senders that died or hang."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from msgspec import Struct

from evenfall.notifications import events
from evenfall.notifications.actions import facts
from evenfall.notifications.actions.moving import save_moves
from evenfall.notifications.actions.planning import WAKE, settle_failures
from evenfall.notifications.logic.retrying import Retry, Urgency, after_lost_hand_over
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

AT_ONCE: Final = 500
UNDER_LEASE: Final = (NoticeState.CLAIMED.value, NoticeState.SENT.value)


def recover_lost(*, now: datetime) -> int:
    """Take back notices whose lease has ended; returns how many.

    Not handed over: planned again. Handed over: unknown, and for high urgency sent again with the
    same idempotency key. Races with other recoverers and with late results: SKIP LOCKED.
    """
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(state__in=UNDER_LEASE, lease_until__lt=now)
            .order_by("lease_until")[:AT_ONCE]
        )
        unknown = [row for row in rows if row.state == NoticeState.SENT.value]
        for row in rows:
            _take_back(row, now)
        save_moves(rows)
        publish(*(_unknown(row, now) for row in unknown))
        if rows:
            wake(WAKE)
    return len(rows)


def fail_unknown_kinds(*, kinds: Collection[str], now: datetime) -> int:
    """Fail due notices for which there is no channel any more; returns how many.

    `kinds` are the channels of this process. Without any, the process is not one that sends.
    """
    if not kinds:
        return 0
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(state=NoticeState.PLANNED.value, due_at__lte=now)
            .exclude(kind__in=kinds)
            .order_by("due_at")[:AT_ONCE]
        )
        for row in rows:
            row.state, row.finished_at = NoticeState.FAILED.value, now
            row.reason = f"there is no channel {row.kind}"
        save_moves(rows)
        settle_failures(rows, now=now)
    return len(rows)


class Ahead(Struct, frozen=True, kw_only=True):
    """When the next lease ends, and whether there is anything to recover or to fail now."""

    lease_end: datetime | None
    is_anything_due: bool


# The literals let the partial indexes be used.
_AHEAD: Final = """
SELECT min(lease_until), EXISTS (
           SELECT FROM notifications_notice
            WHERE state = 'planned' AND due_at <= %(now)s AND kind <> ALL(%(kinds)s::text[]))
  FROM notifications_notice WHERE state IN ('claimed', 'sent')
"""


def look_ahead(*, kinds: Collection[str], now: datetime) -> Ahead:
    """One look, each second, that nearly always finds nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, {"now": now, "kinds": list(kinds)})
        lease_end, has_unknown = cursor.fetchone()
    is_lost = lease_end is not None and lease_end < now
    return Ahead(lease_end=lease_end, is_anything_due=is_lost or (bool(kinds) and has_unknown))


def _take_back(row: Notice, now: datetime) -> None:
    row.lease_until = None
    if row.state == NoticeState.CLAIMED.value:
        row.state = NoticeState.PLANNED.value
        return
    decision = after_lost_hand_over(
        Urgency(row.urgency),
        attempts=row.attempts,
        notice_id=row.id,
        first_due=row.first_due_at,
        now=now,
    )
    row.reason = decision.reason
    if isinstance(decision, Retry) and row.settled_at is None:
        row.state, row.due_at = NoticeState.PLANNED.value, decision.at
    else:
        row.state, row.finished_at = NoticeState.UNKNOWN.value, now


def _unknown(row: Notice, now: datetime) -> events.NoticeUnknown:
    return events.NoticeUnknown(
        **facts.about(row, at=now),
        attempts=row.attempts,
        reason=row.reason,
        sent_again=row.state == NoticeState.PLANNED.value,
    )
