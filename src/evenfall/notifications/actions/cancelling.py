"""Call notices back that nobody needs any more."""

from collections.abc import Iterable, Sequence
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
        rows = _locked(Q(subject__in=subjects), (*sources(Happening.CANCEL), *UNDER_WAY))
        under_way = [row.id for row in rows if row.state in UNDER_WAY and row.settled_at is None]
        Notice.objects.filter(id__in=under_way).update(settled_at=now)
        return _cancel([row for row in rows if row.state not in UNDER_WAY], reason=reason, now=now)


def cancel_for_method(*, contact_method_id: int, reason: str, now: datetime) -> int:
    """As `cancel_notices`, for everything that waits for one contact method."""
    with transaction.atomic():
        rows = _locked(Q(contact_method_id=contact_method_id), sources(Happening.CANCEL))
        return _cancel(rows, reason=reason, now=now)


def _locked(which: Q, states: Iterable[str]) -> list[Notice]:
    """Lock them in the order of their ids: an UPDATE alone would take them as it finds them."""
    rows = Notice.objects.select_for_update().filter(which, state__in=list(states))
    return list(rows.order_by("id"))


def _cancel(rows: Sequence[Notice], *, reason: str, now: datetime) -> int:
    Notice.objects.filter(id__in=[row.id for row in rows]).update(
        state=NoticeState.CANCELLED.value, reason=reason, lease_until=None, finished_at=now
    )
    publish(*(_cancelled(row, reason, now) for row in rows))
    return len(rows)


def _cancelled(row: Notice, reason: str, now: datetime) -> events.NoticeCancelled:
    return events.NoticeCancelled(**facts.about(row, at=now), reason=reason)
