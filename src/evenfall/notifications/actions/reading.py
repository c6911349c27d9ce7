"""Mark notices as read, and so count the badge down."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from evenfall.notifications import errors
from evenfall.notifications.models import Notice


def mark_read(*, notice_id: int, user_id: int, now: datetime) -> int:
    """Mark a notice and its copies on other channels as read. Raises NoticeNotFound."""
    with transaction.atomic():
        row = Notice.objects.filter(id=notice_id, user_id=user_id).first()
        if row is None:
            raise errors.NoticeNotFound(notice_id=notice_id)
        return _read(Q(subject=row.subject), user_id=user_id, now=now)


def mark_all_read(*, user_id: int, now: datetime) -> int:
    """Mark everything that has come so far as read."""
    with transaction.atomic():
        return _read(Q(), user_id=user_id, now=now)


def _read(which: Q, *, user_id: int, now: datetime) -> int:
    """Lock them in the order of their ids, as senders do, and mark them."""
    rows = Notice.objects.select_for_update().filter(
        which, user_id=user_id, first_due_at__lte=now, read_at=None
    )
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return Notice.objects.filter(id__in=ids).update(read_at=now)
