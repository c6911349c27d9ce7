"""Take messages back from the screens of devices when nobody needs to read them any more."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from evenfall.notifications.actions.planning import plan_notices
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Content, NewNotice, closing_kinds
from evenfall.notifications.queries import CLOSE, SILENT

_ON_SCREENS = (
    NoticeState.SENT.value,
    NoticeState.ACCEPTED.value,
    NoticeState.DELIVERED.value,
    NoticeState.UNKNOWN.value,
)


def close_notices(*, subjects: Sequence[str], said: str, now: datetime) -> int:
    """Tell each device that shows a notice of these subjects to close it; returns how many told.

    `said` is why, such as "Acknowledged by Ada", for devices that must show something instead.
    """
    kinds = closing_kinds()
    if not subjects or not kinds:
        return 0
    with transaction.atomic():
        shown = Notice.objects.filter(
            subject__in=subjects,
            kind__in=kinds,
            state__in=_ON_SCREENS,
            contact_method__broken_at=None,
            contact_method__verified_at__isnull=False,
        ).exclude(purpose__in=SILENT)
        closings = {
            (row.contact_method_id or 0, tag): _closing(row, tag, said, now)
            for row in shown.order_by("id")
            if (tag := msgspec.convert(row.content, Content).tag)
        }
        plan_notices(notices=list(closings.values()), now=now)
    return len(closings)


def _closing(row: Notice, tag: str, said: str, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=row.user_id,
        subject=f"contact-method:{row.contact_method_id}",
        purpose=CLOSE,
        kind=row.kind,
        contact_method_id=row.contact_method_id,
        urgency=Urgency.LOW.value,
        due_at=now,
        content=Content(
            title=said, lines=(str(row.content["title"]),), url=str(row.content["url"]), tag=tag
        ),
    )
