"""Contact methods that a channel has proved itself, such as a chat that a link was opened in."""

from datetime import datetime

from django.db import transaction

from evenfall.notifications.actions import facts, verifying
from evenfall.notifications.models import ContactMethod
from evenfall.platform.events import publish


def join_contact_method(
    *, user_id: int, kind: str, address: str, label: str = "", now: datetime
) -> int:
    """Add a contact method as verified, or verify the one that is there; returns its id.

    The channel knows that the address and the person belong together: the person was given a word
    in Evenfall, and it came back from the address. Can be repeated.
    """
    actor = f"user:{user_id}"
    with transaction.atomic():
        method, is_new = ContactMethod.objects.select_for_update().get_or_create(
            user_id=user_id,
            kind=kind,
            address=address,
            defaults={"label": label[:80], "created_at": now},
        )
        if is_new:
            after = facts.snapshot(method)
            publish(facts.changed(method, before={}, after=after, actor=actor, now=now))
        verifying.mark_verified(method, actor=actor, now=now)
    return method.id
