"""A test page: the same rows, sender and channels as a real one."""

from datetime import datetime

from django.db import transaction

from evenfall.notifications import errors
from evenfall.notifications.actions.planning import INBOX, plan_notices
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import Content, NewNotice


def send_test(*, user_id: int, contact_method_id: int | None = None, now: datetime) -> list[int]:
    """Send a test page to one contact method, or to all that work and the inbox.

    Raises ContactMethodNotFound, ContactMethodNotVerified.
    """
    with transaction.atomic():
        methods = ContactMethod.objects.filter(user_id=user_id).order_by("id")
        if contact_method_id is not None:
            chosen = [_usable(methods.filter(id=contact_method_id).first(), contact_method_id)]
        else:
            chosen = list(methods.filter(verified_at__isnull=False, broken_at=None))
        notices = [_test(user_id, m.kind, m.id, now) for m in chosen]
        if contact_method_id is None:
            notices.append(_test(user_id, INBOX, None, now))
        return plan_notices(notices=notices, now=now)


def _usable(method: ContactMethod | None, contact_method_id: int) -> ContactMethod:
    if method is None:
        raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
    if method.verified_at is None:
        raise errors.ContactMethodNotVerified
    return method


def _test(user_id: int, kind: str, contact_method_id: int | None, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=user_id,
        subject=f"user:{user_id}",
        purpose="test",
        kind=kind,
        contact_method_id=contact_method_id,
        urgency=Urgency.HIGH.value,
        due_at=now,
        content=Content(
            title="Test page",
            lines=(
                "This is how a page reaches you.",
                "Nothing is wrong. You need not do anything.",
            ),
            url="/inbox/",
            severity="info",
            tag="test",
        ),
    )
