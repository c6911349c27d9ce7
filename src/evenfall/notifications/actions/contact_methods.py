"""Add, order and remove contact methods. All of them act for their owner only."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from evenfall.notifications import errors, queries
from evenfall.notifications.actions import facts, verifying
from evenfall.notifications.actions.cancelling import cancel_for_method
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import web_address
from evenfall.platform.events import SYSTEM, publish

LONGEST_ADDRESS: Final = 1000
_KEY_BYTES: Final = {"p256dh": 65, "auth": 16}  # RFC 8291: an uncompressed point, a shared secret


def add_contact_method(
    *, user_id: int, kind: str, address: str, label: str = "", actor: str, now: datetime
) -> tuple[int, str]:
    """Add an address that a person typed in and ask for its proof; returns its id and its secret.

    The secret is "" for most kinds; else it is shown this once and kept encrypted. Raises
    KindUnknown, AddressNotUsable, ContactMethodTaken.
    """
    channel = queries.addable(kind)
    secret = channel.new_secret()
    method = ContactMethod(
        user_id=user_id,
        kind=kind,
        address=channel.read_address(address.strip()),
        label=label,
        secret=secret,
        created_at=now,
    )
    return _add(method, actor=actor, now=now).id, secret


def adopt_emails(*, addresses: Mapping[int, str], now: datetime) -> list[int]:
    """Take addresses that are proved already as verified contact methods; returns the new ids.

    `addresses` maps people to theirs. Who has any e-mail contact method keeps it as it is.
    """
    with transaction.atomic():
        have = ContactMethod.objects.filter(user_id__in=addresses, kind="email")
        known = set(have.values_list("user_id", flat=True))
        rows = ContactMethod.objects.bulk_create(
            [
                ContactMethod(
                    user_id=user_id,
                    kind="email",
                    address=address,
                    is_primary=True,
                    created_at=now,
                    verified_at=now,
                )
                for user_id, address in addresses.items()
                if user_id not in known
            ]
        )
        told = [
            facts.changed(row, before={}, after=facts.snapshot(row), actor=SYSTEM, now=now)
            for row in rows
        ]
        publish(*told)
    return [row.id for row in rows]


def add_push(
    *,
    user_id: int,
    endpoint: str,
    p256dh: str,
    auth: str,
    label: str = "",
    actor: str,
    now: datetime,
) -> int:
    """Add or renew the push subscription of a browser and send it a message to confirm.

    A browser has one endpoint, whoever signs in there: it moves to the person who asked last, so
    that nobody reads somebody else's pages. Raises AddressNotUsable.
    """
    web_address(endpoint)
    keys = _checked_keys({"p256dh": p256dh, "auth": auth})
    with transaction.atomic():
        for old in ContactMethod.objects.select_for_update().filter(
            kind="webpush", address=endpoint
        ):
            _remove(old, actor=actor, now=now)
        method = ContactMethod(
            user_id=user_id,
            kind="webpush",
            address=endpoint,
            label=label,
            secret=keys,
            created_at=now,
        )
        return _add(method, actor=actor, now=now).id


def make_primary(*, contact_method_id: int, user_id: int, actor: str, now: datetime) -> None:
    """Send low urgency here and nowhere else of this kind. Raises ContactMethodNotVerified."""
    with transaction.atomic():
        method = verifying.own_method(contact_method_id, user_id)
        if method.verified_at is None:
            raise errors.ContactMethodNotVerified
        before = facts.snapshot(method)
        ContactMethod.objects.filter(user_id=user_id, kind=method.kind, is_primary=True).update(
            is_primary=False
        )
        method.is_primary = True
        method.save(update_fields=["is_primary"])
        after = facts.snapshot(method)
        publish(facts.changed(method, before=before, after=after, actor=actor, now=now))


def remove_contact_method(
    *, contact_method_id: int, user_id: int, actor: str, now: datetime
) -> None:
    """Forget a contact method and cancel what still waits for it."""
    with transaction.atomic():
        _remove(verifying.own_method(contact_method_id, user_id), actor=actor, now=now)


def _add(method: ContactMethod, *, actor: str, now: datetime) -> ContactMethod:
    if len(method.address) > LONGEST_ADDRESS:
        raise errors.AddressNotUsable(
            reason=f"it is longer than {LONGEST_ADDRESS} characters.", field="address"
        )
    with transaction.atomic():
        try:
            with transaction.atomic():
                method.save(force_insert=True)
        except IntegrityError as error:
            raise errors.ContactMethodTaken from error
        after = facts.snapshot(method)
        publish(facts.changed(method, before={}, after=after, actor=actor, now=now))
        verifying.ask(method, now=now)
    return method


def _remove(method: ContactMethod, *, actor: str, now: datetime) -> None:
    cancel_for_method(contact_method_id=method.id, reason="the contact method was removed", now=now)
    before = facts.snapshot(method)
    publish(facts.changed(method, before=before, after={}, actor=actor, now=now))
    method.delete()


def _checked_keys(keys: dict[str, str]) -> str:
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
