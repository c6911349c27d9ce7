"""Call notices back that nobody needs any more."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from evenfall.notifications import events
from evenfall.notifications.actions import facts
from evenfall.notifications.logic.states import Happening, NoticeState, sources
from evenfall.notifications.models import Notice
from evenfall.platform.events import publish

UNDER_WAY = (NoticeState.SENT.value, NoticeState.ACCEPTED.value)


def cancel_notices(*, subjects: Sequence[str], reason: str, now: datetime) -> int:
    """Cancel every notice of these subjects that no provider has yet; returns how many.

    Races with senders: rows are locked in the order of their ids, as senders do. Whoever commits
    first wins; a notice that was claimed but not handed over is cancelled and its sender, which
    asks once more before it calls the provider, leaves it. What a provider already has is marked:
    if it does not arrive, nobody is called about it a second time.
    """
    if not subjects:
        return 0
    with transaction.atomic():
        count = _cancel(Q(subject__in=subjects), reason=reason, now=now)
        Notice.objects.filter(subject__in=subjects, state__in=UNDER_WAY, settled_at=None).update(
            settled_at=now
        )
    return count


def cancel_for_method(*, contact_method_id: int, reason: str, now: datetime) -> int:
    """As `cancel_notices`, for everything that waits for one contact method."""
    return _cancel(Q(contact_method_id=contact_method_id), reason=reason, now=now)


def _cancel(which: Q, *, reason: str, now: datetime) -> int:
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update()
            .filter(which, state__in=sources(Happening.CANCEL))
            .order_by("id")
        )
        Notice.objects.filter(id__in=[row.id for row in rows]).update(
            state=NoticeState.CANCELLED.value, reason=reason, lease_until=None, finished_at=now
        )
        publish(*(_cancelled(row, reason, now) for row in rows))
    return len(rows)


def _cancelled(row: Notice, reason: str, now: datetime) -> events.NoticeCancelled:
    return events.NoticeCancelled(**facts.about(row, at=now), reason=reason)
