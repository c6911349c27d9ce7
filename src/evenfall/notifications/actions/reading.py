"""Mark notices as read, and so count the badge down."""

from datetime import datetime

from django.db import transaction

from evenfall.notifications import errors
from evenfall.notifications.models import Notice


def mark_read(*, notice_id: int, user_id: int, now: datetime) -> int:
    """Mark a notice and its copies on other channels as read. Raises NoticeNotFound."""
    with transaction.atomic():
        row = Notice.objects.filter(id=notice_id, user_id=user_id).first()
        if row is None:
            raise errors.NoticeNotFound(notice_id=notice_id)
        return Notice.objects.filter(
            user_id=user_id, subject=row.subject, first_due_at__lte=now, read_at=None
        ).update(read_at=now)


def mark_all_read(*, user_id: int, now: datetime) -> int:
    """Mark everything that has come so far as read."""
    return Notice.objects.filter(user_id=user_id, first_due_at__lte=now, read_at=None).update(
        read_at=now
    )
