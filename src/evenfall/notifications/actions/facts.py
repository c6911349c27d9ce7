"""The facts that are told about notices and contact methods, built from their rows."""

from datetime import datetime
from typing import TypedDict

from evenfall.notifications import events
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.queries import method_state
from evenfall.platform.events import Event


class About(TypedDict):
    notice_id: int
    user_id: int
    subject: str
    channel: str
    purpose: str
    urgency: str
    at: datetime


def about(notice: Notice, *, at: datetime) -> About:
    return About(
        notice_id=notice.id,
        user_id=notice.user_id,
        subject=notice.subject,
        channel=notice.kind,
        purpose=notice.purpose,
        urgency=notice.urgency,
        at=at,
    )


def succeeded(notice: Notice, *, now: datetime) -> Event:
    """That a provider took the notice, or that it arrived, by the state it has now."""
    is_delivered = notice.state == NoticeState.DELIVERED.value
    kind = events.NoticeDelivered if is_delivered else events.NoticeAccepted
    return kind(**about(notice, at=now), attempts=notice.attempts, provider_id=notice.provider_id)


def failed(notice: Notice, *, fallback_id: int | None, now: datetime) -> events.NoticeFailed:
    return events.NoticeFailed(
        **about(notice, at=now),
        attempts=notice.attempts,
        reason=notice.reason,
        fallback_id=fallback_id,
    )


def snapshot(method: ContactMethod) -> dict[str, str]:
    """What the audit log may show of a contact method; never its secret."""
    return {
        "kind": method.kind,
        "label": method.label,
        "address": method.address,
        "primary": "yes" if method.is_primary else "no",
        "state": method_state(method),
    }


def changed(
    method: ContactMethod,
    *,
    before: dict[str, str],
    after: dict[str, str],
    actor: str,
    now: datetime,
) -> events.ContactMethodChanged:
    return events.ContactMethodChanged(
        contact_method_id=method.id,
        user_id=method.user_id,
        before=before,
        after=after,
        actor=actor,
        at=now,
    )
