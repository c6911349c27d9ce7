"""Add, order and remove contact methods. All of them act for their owner only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from evenfall.notifications import errors, queries
from evenfall.notifications.actions import facts, verifying
from evenfall.notifications.actions.cancelling import cancel_for_method
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import KeepsSecret
from evenfall.platform.events import SYSTEM, publish

LONGEST_ADDRESS: Final = 1000


def add_contact_method(
    *,
    user_id: int,
    kind: str,
    address: str,
    secret: str = "",
    label: str = "",
    actor: str,
    now: datetime,
) -> tuple[int, str]:
    """Add an address that a person typed in and ask for its proof; returns its id and its secret.

    `secret` is what some kinds take besides the address. The one returned is "" for most kinds;
    else it is shown this once and kept encrypted. Raises KindUnknown, AddressNotUsable,
    ContactMethodTaken.
    """
    channel = queries.addable(kind)
    if isinstance(channel, KeepsSecret):
        shown, kept, made = *channel.read(address.strip(), secret.strip()), ""
    else:
        shown, kept = channel.read_address(address.strip()), channel.new_secret()
        made = kept
    method = ContactMethod(
        user_id=user_id,
        kind=kind,
        address=shown,
        label=label,
        secret=kept,
        created_at=now,
    )
    return add_method(method, actor=actor, now=now).id, made


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
    """Forget a contact method and cancel what still waits for it. Raises ContactMethodNotFound."""
    with transaction.atomic():
        if not ContactMethod.objects.filter(id=contact_method_id, user_id=user_id).exists():
            raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
        remove_method(contact_method_id, actor=actor, now=now)


def add_method(method: ContactMethod, *, actor: str, now: datetime) -> ContactMethod:
    """Save a new row and ask for its proof. Raises AddressNotUsable, ContactMethodTaken."""
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


def remove_method(contact_method_id: int, *, actor: str, now: datetime) -> None:
    """Delete a contact method, if it is still there, and cancel what waits for it.

    Locks its notices by id, then the row. Who writes answers down comes to the methods with the
    notices in hand, so the caller must hold no method.
    """
    notices = Notice.objects.select_for_update().filter(contact_method_id=contact_method_id)
    list(notices.order_by("id").values_list("id"))
    method = ContactMethod.objects.select_for_update().filter(id=contact_method_id).first()
    if method is None:
        return
    cancel_for_method(contact_method_id=method.id, reason="the contact method was removed", now=now)
    before = facts.snapshot(method)
    publish(facts.changed(method, before=before, after={}, actor=actor, now=now))
    method.delete()
