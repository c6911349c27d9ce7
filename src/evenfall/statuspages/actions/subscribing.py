"""Subscribing, changing one's choice and leaving, by whoever reads a page. No account is needed.

Nobody is told of anything before the owner of the address said yes: by the link in a mail, by the
answer of a web hook to our challenge, or by the browser's own question.
"""

import base64
import binascii
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from msgspec import Struct

from evenfall.notifications.ports import AddedByHand, channel, web_address
from evenfall.platform.wakeups import wake
from evenfall.statuspages import errors
from evenfall.statuspages.actions.access import CONFIRM_WITHIN
from evenfall.statuspages.actions.spreading import DELIVER
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscribing import Choice, Errand, Kind, State
from evenfall.statuspages.models import Component, Delivery, Mailing, Post, Subscriber

ASK_AGAIN_AFTER: Final = timedelta(minutes=10)
MOST_OF_PAGE: Final = 100_000
_MOST_ADDRESS: Final = 254
_MOST_URL: Final = 1000
_KEY_BYTES: Final = 65
_AUTH_BYTES: Final = 16


class NewHook(Struct, frozen=True, kw_only=True):
    """A web hook that is not proved yet; the secret is shown once."""

    subscriber_id: int
    secret: str


def subscribe_by_mail(
    *, status_page_id: int, address: str, choice: Choice, language: Language, now: datetime
) -> None:
    """Ask the owner of an address whether they want to be told.

    It looks the same from outside whether the address is new, waits or is subscribed, so that
    nobody can find out who is. At most one mail in `ASK_AGAIN_AFTER`. Raises
    SubscriptionNotUsable, SubscribingClosed.
    """
    address = mail_address(address)
    with transaction.atomic():
        _check(status_page_id, choice)
        row, is_new = _found(status_page_id, Kind.MAIL, address, now)
        if not is_new and now - row.asked_at < ASK_AGAIN_AFTER:
            return
        if row.state == State.ACTIVE.value:
            ask(row, Errand.KNOWN, now)
            return
        _choose(row, choice, language)
        _ask_to_confirm(row, now)


def subscribe_webhook(
    *, status_page_id: int, url: str, choice: Choice, language: Language, now: datetime
) -> NewHook:
    """Test an address with a challenge; it is subscribed as soon as it returns that.

    Raises SubscriptionNotUsable, AlreadySubscribed, SubscribingClosed, AddressNotUsable.
    """
    url = web_address(url)
    if len(url) > _MOST_URL:
        raise errors.SubscriptionNotUsable(reason="this address is too long.", field="url")
    with transaction.atomic():
        _check(status_page_id, choice)
        row, is_new = _found(status_page_id, Kind.WEBHOOK, url, now)
        if not is_new and row.state != State.PENDING.value:
            raise errors.AlreadySubscribed
        row.secret = _new_secret()
        _choose(row, choice, language)
        _ask_to_confirm(row, now)
    return NewHook(subscriber_id=row.pk, secret=row.secret)


def subscribe_browser(
    *,
    status_page_id: int,
    endpoint: str,
    p256dh: str,
    auth: str,
    choice: Choice,
    language: Language,
    now: datetime,
) -> int:
    """Tell a browser, whose owner has just allowed it; again: with the new choice.

    Returns the id. Raises SubscriptionNotUsable, SubscribingClosed, AddressNotUsable.
    """
    address = web_address(endpoint)
    _check_keys(address, p256dh, auth)
    with transaction.atomic():
        _check(status_page_id, choice)
        row, _ = _found(status_page_id, Kind.PUSH, address, now)
        row.secret = msgspec.json.encode({"p256dh": p256dh, "auth": auth}).decode()
        row.state, row.confirm_until = State.ACTIVE.value, None
        row.confirmed_at = row.confirmed_at or now
        _choose(row, choice, language)
    return row.pk


def confirm(*, subscriber_id: int, now: datetime) -> None:
    """The owner of the address said yes; a second time changes nothing."""
    rows = Subscriber.objects.filter(id=subscriber_id, state=State.PENDING.value)
    rows.update(state=State.ACTIVE.value, confirmed_at=now, confirm_until=None)


def change_choice(*, subscriber_id: int, choice: Choice) -> None:
    """Want something else from now on. Raises SubscriberNotFound, SubscriptionNotUsable."""
    with transaction.atomic():
        row = _locked(subscriber_id)
        _check_choice(row.page_id, choice)
        _choose(row, choice, Language(row.language))


def test_again(*, subscriber_id: int, now: datetime) -> None:
    """Send a challenge to a web hook that waits or is off. Raises SubscriberNotFound."""
    with transaction.atomic():
        row = _locked(subscriber_id)
        is_too_soon = now - row.asked_at < timedelta(minutes=1)
        if row.kind != Kind.WEBHOOK.value or row.state == State.ACTIVE.value or is_too_soon:
            return
        _ask_to_confirm(row, now)


def unsubscribe(*, subscriber_id: int) -> None:
    """Erase a subscriber with everything that was sent to it; unknown ones are left in peace."""
    Subscriber.objects.filter(id=subscriber_id).delete()


def mail_address(text: str) -> str:
    """The address without blanks. Raises SubscriptionNotUsable."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise _not_an_address() from error
    if len(address) > _MOST_ADDRESS or not address.isprintable():
        raise _not_an_address()
    return address


def key_of(kind: Kind, address: str) -> str:
    """What makes an address one of a kind: mailboxes do not tell capital letters apart."""
    plain = address.lower() if kind is Kind.MAIL else address
    return sha256(plain.encode()).hexdigest()


def ask(row: Subscriber, errand: Errand, now: datetime) -> None:
    """Write to a subscriber of our own accord; what waits of the same kind is replaced."""
    row.asked_at = now
    row.save(update_fields=["asked_at"])
    row.deliveries.filter(bulletin=None, settled_at=None).delete()
    Delivery.objects.create(subscriber=row, errand=errand.value, due_at=now)
    wake(DELIVER)


def _ask_to_confirm(row: Subscriber, now: datetime) -> None:
    row.state, row.confirm_until = State.PENDING.value, now + CONFIRM_WITHIN
    row.failures, row.failing_since, row.off_reason = 0, None, ""
    row.save()
    ask(row, Errand.CONFIRM, now)


def _not_an_address() -> errors.SubscriptionNotUsable:
    reason = "an address looks like name@example.org."
    return errors.SubscriptionNotUsable(reason=reason, field="address")


def _check(status_page_id: int, choice: Choice) -> None:
    mailing = Mailing.objects.filter(page_id=status_page_id).first()
    if mailing is not None and not mailing.is_open:
        raise errors.SubscribingClosed
    _check_choice(status_page_id, choice)


def _check_choice(status_page_id: int, choice: Choice) -> None:
    if not (choice.incidents or choice.works):
        reason = "choose incidents, maintenance or both."
        raise errors.SubscriptionNotUsable(reason=reason, field="incidents")
    wanted = set(choice.component_ids)
    known = Component.objects.filter(page_id=status_page_id, removed_at=None, id__in=wanted)
    if known.count() != len(wanted):
        reason = "a component is not on this page."
        raise errors.SubscriptionNotUsable(reason=reason, field="component_ids")
    if choice.post_id is not None:
        posts = Post.objects.filter(page_id=status_page_id, id=choice.post_id)
        if not posts.exists():
            reason = "this incident is not on this page."
            raise errors.SubscriptionNotUsable(reason=reason, field="post_id")


def _found(status_page_id: int, kind: Kind, address: str, now: datetime) -> tuple[Subscriber, bool]:
    """The subscriber with this address, locked, or a new one that waits. Raises SubscribingClosed.

    Two requests for one new address: the unique index lets one of them make the row.
    """
    about = {"page_id": status_page_id, "kind": kind.value, "key": key_of(kind, address)}
    rows = Subscriber.objects.select_for_update()
    found = rows.filter(**about).first()
    if found is not None:
        return found, False
    if Subscriber.objects.filter(page_id=status_page_id).count() >= MOST_OF_PAGE:
        raise errors.SubscribingClosed
    return rows.get_or_create(
        **about,
        defaults={
            "address": address,
            "state": State.PENDING.value,
            "confirm_until": now + CONFIRM_WITHIN,
            "asked_at": now,
            "created_at": now,
        },
    )


def _locked(subscriber_id: int) -> Subscriber:
    row = Subscriber.objects.select_for_update().filter(id=subscriber_id).first()
    if row is None:
        raise errors.SubscriberNotFound
    return row


def _choose(row: Subscriber, choice: Choice, language: Language) -> None:
    row.component_ids = sorted(set(choice.component_ids))
    row.wants_incidents, row.wants_works = choice.incidents, choice.works
    row.post_id = choice.post_id
    row.language = language.value
    row.save()


def _new_secret() -> str:
    found = channel(Kind.WEBHOOK.channel)
    if not isinstance(found, AddedByHand):
        raise TypeError(found)
    return found.new_secret()


def _check_keys(endpoint: str, p256dh: str, auth: str) -> None:
    sizes = _size(p256dh), _size(auth)
    is_whole = endpoint.startswith("https://") and len(endpoint) <= _MOST_URL
    if not is_whole or sizes != (_KEY_BYTES, _AUTH_BYTES):
        reason = "the browser did not give a complete subscription."
        raise errors.SubscriptionNotUsable(reason=reason, field="endpoint")


def _size(base64url: str) -> int:
    try:
        return len(base64.urlsafe_b64decode(base64url + "=" * (-len(base64url) % 4)))
    except (binascii.Error, ValueError):
        return 0
