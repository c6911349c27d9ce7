"""The silent check: a push message that shows nothing, and that the device answers by itself.

It proves that a page would come through the push service, the browser and the operating system,
without waking anybody. The answer comes to a signed address, so a device needs no session.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.notifications import errors
from evenfall.notifications.actions.planning import INBOX, plan_notices
from evenfall.notifications.logic.checks import ANSWER_WITHIN, CheckState, is_due, is_overdue
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import Content, NewNotice, checked_kinds
from evenfall.notifications.queries import CHECK, absolute
from evenfall.platform.crypto import BadSignature, sign, unsign

ANSWER_PATH: Final = "/profile/contact-methods/push/answer/"
_PURPOSE: Final = "push-check"
_CONTENT: Final = Content(
    title="Push works on this device",
    lines=("This quiet line is the weekly check. You need not do anything.",),
    url="/profile/contact-methods/devices/",
    tag="check",
)


def check_devices(*, user_ids: Collection[int], now: datetime) -> list[int]:
    """Ask the devices of these people that were not asked for a week; returns the notices."""
    with transaction.atomic():
        rows = ContactMethod.objects.select_for_update().filter(
            user_id__in=user_ids,
            kind__in=checked_kinds(),
            verified_at__isnull=False,
            broken_at=None,
        )
        due = [row for row in rows.order_by("id") if is_due(row.check_asked_at, now=now)]
        return _ask(due, now)


def check_device(*, contact_method_id: int, user_id: int, now: datetime) -> list[int]:
    """Ask one device now. Raises ContactMethodNotFound, ContactMethodNotVerified."""
    with transaction.atomic():
        method = (
            ContactMethod.objects.select_for_update()
            .filter(id=contact_method_id, user_id=user_id, kind__in=checked_kinds())
            .first()
        )
        if method is None:
            raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
        if method.verified_at is None or method.broken_at is not None:
            raise errors.ContactMethodNotVerified
        return _ask([method], now)


def ask(method: ContactMethod, *, now: datetime) -> None:
    """As `check_device`, for a row that this transaction has locked; unverified ones are left."""
    if method.verified_at is not None:
        _ask([method], now)


def answer_url(method: ContactMethod, *, now: datetime) -> str:
    """Where this device answers the check that it was asked last."""
    asked = method.check_asked_at
    value = [method.id, 0 if asked is None else int(asked.timestamp())]
    token = sign(value, purpose=_PURPOSE, now=now, valid_for=2 * ANSWER_WITHIN)
    return absolute(f"{ANSWER_PATH}{token}/")


def answer_check(token: str, *, now: datetime) -> int:
    """The device answered; returns its contact method. A late answer counts, an old one does not.

    Raises DeviceUnknown for a token that is foreign, or of a check before the last.
    """
    try:
        method_id, asked = unsign(token, purpose=_PURPOSE, now=now)
    except (BadSignature, ValueError, TypeError) as error:
        raise errors.DeviceUnknown from error
    with transaction.atomic():
        method = ContactMethod.objects.select_for_update().filter(id=method_id).first()
        if method is None or method.check_asked_at is None:
            raise errors.DeviceUnknown
        if int(method.check_asked_at.timestamp()) != asked:
            raise errors.DeviceUnknown
        method.check_state, method.check_answered_at = CheckState.WORKS.value, now
        method.save(update_fields=["check_state", "check_answered_at"])
    return method.id


def settle_checks(*, now: datetime) -> int:
    """Devices that had their time and did not answer: their owners are told; returns how many."""
    with transaction.atomic():
        asked = ContactMethod.objects.select_for_update().filter(
            check_state=CheckState.ASKED.value, check_asked_at__lt=now - ANSWER_WITHIN
        )
        silent = [
            row
            for row in asked.order_by("id")
            if is_overdue(row.check_state, row.check_asked_at, now=now)
        ]
        ids = [row.id for row in silent]
        ContactMethod.objects.filter(id__in=ids).update(check_state=CheckState.SILENT.value)
        plan_notices(notices=list(_tasks(silent, now)), now=now)
    return len(silent)


def _ask(methods: Collection[ContactMethod], now: datetime) -> list[int]:
    ids = [method.id for method in methods]
    ContactMethod.objects.filter(id__in=ids).update(
        check_state=CheckState.ASKED.value, check_asked_at=now
    )
    return plan_notices(notices=[_check(method, now) for method in methods], now=now)


def _check(method: ContactMethod, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=method.user_id,
        subject=f"contact-method:{method.id}",
        purpose=CHECK,
        kind=method.kind,
        contact_method_id=method.id,
        urgency=Urgency.LOW.value,
        due_at=now,
        content=_CONTENT,
    )


def _tasks(silent: Iterable[ContactMethod], now: datetime) -> Iterable[NewNotice]:
    """In the inbox, and by whatever else the person has: not by the device that is silent."""
    silent = list(silent)
    others = ContactMethod.objects.filter(
        user_id__in={row.user_id for row in silent}, verified_at__isnull=False, broken_at=None
    ).exclude(check_state=CheckState.SILENT.value)
    ways = list(others.values_list("user_id", "id", "kind")) if silent else []
    for row in silent:
        yield _task(row, INBOX, None, now)
        for user_id, method_id, kind in ways:
            if user_id == row.user_id:
                yield _task(row, kind, method_id, now)


def _task(row: ContactMethod, kind: str, method_id: int | None, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=row.user_id,
        subject=f"contact-method:{row.id}",
        purpose="repair",
        kind=kind,
        contact_method_id=method_id,
        urgency=Urgency.LOW.value,
        due_at=now,
        content=Content(
            title=f"{row.label or 'A device'} did not answer its check",
            lines=(
                "A silent push message went there a day ago, and no answer came back.",
                "Open Evenfall on that device and send yourself a test.",
            ),
            url="/profile/contact-methods/devices/",
            severity="warning",
            tag=f"contact-method:{row.id}",
        ),
    )
