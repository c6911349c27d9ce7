"""What managers of a page do with its subscribers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.statuspages import errors, events
from evenfall.statuspages.actions.access import CONFIRM_WITHIN
from evenfall.statuspages.actions.announcing import plan_reminders
from evenfall.statuspages.actions.pages import locked, touch
from evenfall.statuspages.actions.spreading import DELIVER
from evenfall.statuspages.actions.subscribing import key_of, mail_address, test_again
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscribing import Errand, Kind, State
from evenfall.statuspages.logic.words import WorkState
from evenfall.statuspages.models import Delivery, Mailing, Subscriber

MOST_AT_ONCE: Final = 1000
MOST_REMINDERS: Final = 3
_MOST_MINUTES: Final = 60 * 24 * 14


def import_addresses(
    *,
    status_page_id: int,
    addresses: Sequence[str],
    language: Language,
    now: datetime,
    actor: str,
) -> int:
    """Ask the owners of addresses whether they want to be told; returns how many are new.

    Known ones are left as they are. A fixed number of statements. Raises StatusPageNotFound,
    SubscriptionNotUsable, which names the first address that is none.
    """
    wanted = _by_key(addresses)
    with transaction.atomic():
        locked(status_page_id)
        known = Subscriber.objects.filter(page_id=status_page_id, kind=Kind.MAIL.value)
        there = set(known.filter(key__in=wanted).values_list("key", flat=True))
        rows = [
            _pending(status_page_id, address, language, now)
            for key, address in wanted.items()
            if key not in there
        ]
        made = Subscriber.objects.bulk_create(rows)
        Delivery.objects.bulk_create(
            Delivery(subscriber=row, errand=Errand.CONFIRM.value, due_at=now) for row in made
        )
        _tell(status_page_id, {}, {"asked": len(made)}, now=now, actor=actor)
        wake(DELIVER)
    return len(made)


def erase_subscribers(
    *, status_page_id: int, subscriber_ids: Collection[int], now: datetime, actor: str
) -> int:
    """Forget subscribers with everything that was sent to them; returns how many there were."""
    with transaction.atomic():
        rows = Subscriber.objects.filter(page_id=status_page_id, id__in=subscriber_ids)
        count = rows.count()
        rows.delete()
        if count:
            _tell(status_page_id, {"subscribers": count}, {}, now=now, actor=actor)
    return count


def switch_on(*, status_page_id: int, subscriber_id: int, now: datetime, actor: str) -> None:
    """Give a subscriber that is off another chance: a mailbox at once, a hook after its test.

    Raises SubscriberNotFound.
    """
    with transaction.atomic():
        rows = Subscriber.objects.select_for_update().filter(page_id=status_page_id)
        row = rows.filter(id=subscriber_id).first()
        if row is None:
            raise errors.SubscriberNotFound
        if row.state != State.OFF.value:
            return
        if row.kind == Kind.WEBHOOK.value:
            test_again(subscriber_id=row.pk, now=now)
        else:
            row.state, row.off_reason = State.ACTIVE.value, ""
            row.failures, row.failing_since = 0, None
            row.save()
        _tell(status_page_id, {"state": "off"}, {"state": "on"}, now=now, actor=actor)


def change_mailing(
    *,
    status_page_id: int,
    is_open: bool,
    reminders: Sequence[int],
    now: datetime,
    actor: str,
) -> None:
    """Say whether the page takes subscribers, and how many minutes ahead it reminds of work.

    Raises StatusPageNotFound, SubscriptionNotUsable.
    """
    wanted = sorted(set(reminders), reverse=True)
    if len(wanted) > MOST_REMINDERS or any(not 0 < one <= _MOST_MINUTES for one in wanted):
        reason = f"at most {MOST_REMINDERS} reminders, each up to 14 days ahead."
        raise errors.SubscriptionNotUsable(reason=reason, field="reminders")
    with transaction.atomic():
        page = locked(status_page_id)
        row, _ = Mailing.objects.get_or_create(page=page)
        before = {"is_open": row.is_open, "reminders": row.reminders}
        row.is_open, row.reminders = is_open, wanted
        row.save()
        for work in page.works.filter(state=WorkState.SCHEDULED.value):
            plan_reminders(page, work, now=now)
        if before["is_open"] != is_open:
            touch(status_page_id, now=now)  # readers see whether they can subscribe
        after = {"is_open": is_open, "reminders": wanted}
        _tell(status_page_id, before, after, now=now, actor=actor)


def note_export(*, status_page_id: int, count: int, now: datetime, actor: str) -> None:
    """Write into the audit that somebody took a copy of the addresses."""
    with transaction.atomic():
        publish(
            events.SubscribersExported(
                status_page_id=status_page_id, count=count, at=now, actor=actor
            )
        )


def _by_key(addresses: Sequence[str]) -> dict[str, str]:
    if len(addresses) > MOST_AT_ONCE:
        reason = f"at most {MOST_AT_ONCE} addresses at once."
        raise errors.SubscriptionNotUsable(reason=reason, field="addresses")
    found = {}
    for text in addresses:
        try:
            address = mail_address(text)
        except errors.SubscriptionNotUsable as error:
            reason = f"“{text[:80]}” is no address."
            raise errors.SubscriptionNotUsable(reason=reason, field="addresses") from error
        found[key_of(Kind.MAIL, address)] = address
    return found


def _pending(status_page_id: int, address: str, language: Language, now: datetime) -> Subscriber:
    return Subscriber(
        page_id=status_page_id,
        kind=Kind.MAIL.value,
        address=address,
        key=key_of(Kind.MAIL, address),
        state=State.PENDING.value,
        language=language.value,
        confirm_until=now + CONFIRM_WITHIN,
        asked_at=now,
        created_at=now,
    )


def _tell(
    status_page_id: int,
    before: dict[str, object],
    after: dict[str, object],
    *,
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.SubscribersChanged(
            status_page_id=status_page_id, before=before, after=after, at=now, actor=actor
        )
    )
