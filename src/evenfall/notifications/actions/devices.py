"""The browsers and phones of people: subscribed to push messages, moved, renamed, seen."""

import base64
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from evenfall.notifications import errors
from evenfall.notifications.actions import checking, facts, verifying
from evenfall.notifications.actions.contact_methods import add_method, remove_method
from evenfall.notifications.logic.devices import device_name
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import web_address
from evenfall.notifications.queries import method_state
from evenfall.platform.crypto import BadSignature, sign, unsign
from evenfall.platform.events import publish

WEBPUSH: Final = "webpush"
_PURPOSE: Final = "push-device"
_PASS_LIFETIME: Final = timedelta(days=400)  # renewed with each visit
_KEY_BYTES: Final = {"p256dh": 65, "auth": 16}  # RFC 8291: an uncompressed point, a shared secret


def add_push(
    *,
    user_id: int,
    endpoint: str,
    p256dh: str,
    auth: str,
    label: str = "",
    user_agent: str = "",
    model: str = "",
    is_app: bool = False,
    actor: str,
    now: datetime,
) -> int:
    """Add the push subscription of a browser and send it a message to confirm.

    Without a `label` it is named after what the browser tells of the device. A browser has one
    endpoint, whoever signs in there: it moves to the person who asked last, so that nobody reads
    somebody else's pages. One that works already stays as it is. Raises AddressNotUsable.
    """
    web_address(endpoint)
    keys = checked_keys({"p256dh": p256dh, "auth": auth})
    with transaction.atomic():
        for old in ContactMethod.objects.filter(kind=WEBPUSH, address=endpoint):
            if old.user_id == user_id and method_state(old) == "verified" and old.secret == keys:
                return old.id
            label = label or (old.label if old.user_id == user_id else "")
            remove_method(old.id, actor=actor, now=now)
        taken = ContactMethod.objects.filter(user_id=user_id, kind=WEBPUSH)
        names = set(taken.values_list("label", flat=True))
        method = ContactMethod(
            user_id=user_id,
            kind=WEBPUSH,
            address=endpoint,
            label=label or device_name(user_agent, model=model, is_app=is_app, taken=names),
            secret=keys,
            last_seen_at=now,
            created_at=now,
        )
        return add_method(method, actor=actor, now=now).id


def see_push(*, user_id: int, endpoint: str, now: datetime) -> int | None:
    """Note that a device of this person opened Evenfall; None where it is not known as theirs."""
    with transaction.atomic():
        found = ContactMethod.objects.select_for_update().filter(
            user_id=user_id, kind=WEBPUSH, address=endpoint
        )
        method = found.first()
        if method is None:
            return None
        method.last_seen_at = now
        method.save(update_fields=["last_seen_at"])
        return method.id


def device_pass(contact_method_id: int, *, now: datetime) -> str:
    """What a device keeps, to say later that it is the same although its address changed."""
    value = [contact_method_id]
    return sign(value, purpose=_PURPOSE, now=now, valid_for=_PASS_LIFETIME)


def move_push(*, token: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> int:
    """The browser made a new subscription: the old row goes on with it; returns its id.

    `token` is the pass that the device got when it was seen last. What was broken is mended, and a
    silent check goes out at once to prove it. Raises DeviceUnknown, AddressNotUsable.
    """
    web_address(endpoint)
    keys = checked_keys({"p256dh": p256dh, "auth": auth})
    method_id = _passed(token, now)
    with transaction.atomic():
        others = ContactMethod.objects.filter(kind=WEBPUSH, address=endpoint).exclude(id=method_id)
        for other in others.values_list("id", flat=True):
            remove_method(other, actor="system", now=now)
        method = ContactMethod.objects.select_for_update().filter(id=method_id).first()
        if method is None:
            raise errors.DeviceUnknown
        _move(method, endpoint, keys, now)
        checking.ask(method, now=now)
    return method.id


def rename_contact_method(
    *, contact_method_id: int, user_id: int, label: str, actor: str, now: datetime
) -> None:
    """Give it a name that its owner recognises; "" for none. Raises ContactMethodNotFound."""
    with transaction.atomic():
        method = verifying.own_method(contact_method_id, user_id)
        before = facts.snapshot(method)
        method.label = " ".join(label.replace("\x00", "").split())[:80]
        method.save(update_fields=["label"])
        after = facts.snapshot(method)
        if before != after:
            publish(facts.changed(method, before=before, after=after, actor=actor, now=now))


def checked_keys(keys: dict[str, str]) -> str:
    """The keys of a subscription as they are stored. Raises AddressNotUsable."""
    for name, length in _KEY_BYTES.items():
        try:
            raw = base64.urlsafe_b64decode(keys[name] + "=" * (-len(keys[name]) % 4))
        except ValueError:
            raw = b""
        if len(raw) != length:
            raise errors.AddressNotUsable(
                reason=f"the browser's key {name} is not complete.", field=name
            )
    return msgspec.json.encode(keys).decode()


def _move(method: ContactMethod, endpoint: str, keys: str, now: datetime) -> None:
    before = facts.snapshot(method)
    method.address, method.secret, method.last_seen_at = endpoint, keys, now
    method.broken_at, method.broken_reason = None, ""
    method.save(update_fields=["address", "secret", "last_seen_at", "broken_at", "broken_reason"])
    after = facts.snapshot(method)
    if before != after:
        actor = f"user:{method.user_id}"
        publish(facts.changed(method, before=before, after=after, actor=actor, now=now))


def _passed(token: str, now: datetime) -> int:
    try:
        (method_id,) = unsign(token, purpose=_PURPOSE, now=now)
    except (BadSignature, ValueError, TypeError) as error:
        raise errors.DeviceUnknown from error
    return int(method_id)
