"""What becomes of a subscriber whose message arrived, or did not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import F

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import ChannelError, Content, News
from evenfall.platform.events import SYSTEM, publish
from evenfall.statuspages import events
from evenfall.statuspages.logic.subscribing import Errand, Kind, State, is_dead, next_try
from evenfall.statuspages.models import Delivery, Subscriber

_LONGEST: Final = 300


def settle(found: Mapping[int, ChannelError | None], *, now: datetime) -> None:
    """Write down the answers of channels, by delivery; locks the deliveries.

    What arrived costs three statements, however much it is; each failure is looked at by itself.
    """
    rows = Delivery.objects.filter(id__in=found, settled_at=None).select_related("subscriber")
    locked = list(rows.select_for_update(of=("self",)).order_by("id"))
    _arrived([row for row in locked if found[row.pk] is None], now)
    for row in locked:
        error = found[row.pk]
        if error is not None:
            _failed(row, error, now)


def _arrived(rows: Sequence[Delivery], now: datetime) -> None:
    if not rows:
        return
    Delivery.objects.filter(id__in=[row.pk for row in rows]).update(
        settled_at=now, arrived=True, lease_until=None, error=""
    )
    shaky = [row.subscriber_id for row in rows if row.subscriber.failures]
    Subscriber.objects.filter(id__in=shaky).update(failures=0, failing_since=None)
    proved = [row.subscriber_id for row in rows if _is_proof(row)]
    Subscriber.objects.filter(id__in=proved, state=State.PENDING.value).update(
        state=State.ACTIVE.value, confirmed_at=now, confirm_until=None
    )


def _is_proof(row: Delivery) -> bool:
    """A web hook that returned our challenge wants to be told; a mail has to be answered."""
    return row.errand == Errand.CONFIRM.value and row.subscriber.kind == Kind.WEBHOOK.value


def _failed(row: Delivery, error: ChannelError, now: datetime) -> None:
    who = row.subscriber
    since = who.failing_since or now
    Subscriber.objects.filter(id=who.pk).update(failures=F("failures") + 1, failing_since=since)
    again = next_try(row.attempts, now=now, at_least=error.retry_after)
    is_over = again is None or _is_final(who, error)
    row.lease_until, row.error = None, error.message[:_LONGEST]
    row.settled_at = now if is_over else None
    row.due_at = again or now
    row.save(update_fields=["lease_until", "error", "settled_at", "due_at"])
    is_gone = is_dead(failures=who.failures + 1, failing_since=since, now=now)
    if who.state != State.PENDING.value and (error.address_dead or (_is_hook(who) and is_gone)):
        _lose(who, row.error, now)


def _is_final(who: Subscriber, error: ChannelError) -> bool:
    """A mail server that refuses everything may be our own mistake, which somebody mends."""
    return error.address_dead or (error.permanent and who.kind != Kind.MAIL.value)


def _is_hook(who: Subscriber) -> bool:
    return who.kind == Kind.WEBHOOK.value


def _lose(who: Subscriber, reason: str, now: datetime) -> None:
    """Nothing goes there any more. A browser that left is forgotten, others wait for a person."""
    if who.kind == Kind.PUSH.value:
        who.delete()
        return
    who.state, who.off_reason, who.confirm_until = State.OFF.value, reason, None
    who.save(update_fields=["state", "off_reason", "confirm_until"])
    who.deliveries.filter(settled_at=None).update(settled_at=now, lease_until=None, error=reason)
    publish(
        events.SubscriberSwitchedOff(
            status_page_id=who.page_id,
            subscriber_id=who.pk,
            how=who.kind,
            reason=reason,
            at=now,
            actor=SYSTEM,
        )
    )
    if _is_hook(who):
        _tell_owner(who, reason, now)


def _tell_owner(who: Subscriber, reason: str, now: datetime) -> None:
    """A note in the inbox of those who look after the page."""
    content = Content(
        title=f"A web hook of {who.page.title} is switched off",
        lines=(f"It failed for a day, last with: {reason}", "Its owner can switch it on again."),
        url=f"/status-pages/{who.page_id}/subscribers/?state=off",
    )
    news = [
        News(user_id=user_id, subject=f"status_page:{who.page_id}", content=content)
        for user_id in _owners(who.page.team_id)
    ]
    notifications_actions.tell_people(news=news, purpose="status", now=now, kinds=("inbox",))


def _owners(team_id: int | None) -> list[int]:
    """The leads of the page's team; without any, the administrators."""
    leads = identity_queries.team_leads(team_id) if team_id is not None else []
    return leads or identity_queries.administrators()
