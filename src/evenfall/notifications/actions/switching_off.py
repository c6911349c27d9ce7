"""Switch off addresses that are refused for good, so that their owners mend them."""

from collections.abc import Mapping
from datetime import datetime

from evenfall.notifications import events
from evenfall.notifications.models import ContactMethod
from evenfall.platform.events import publish


def switch_off(dead: Mapping[int, str], *, now: datetime) -> None:
    """Stop using these contact methods, id -> reason; in the caller's transaction."""
    if not dead:
        return
    methods = list(
        ContactMethod.objects.select_for_update().filter(id__in=dead, broken_at=None).order_by("id")
    )
    for method in methods:
        method.broken_at, method.broken_reason = now, dead[method.id]
    ContactMethod.objects.bulk_update(methods, ["broken_at", "broken_reason"])
    publish(
        *(
            events.ContactMethodBroken(
                contact_method_id=method.id,
                user_id=method.user_id,
                channel=method.kind,
                address=method.address,
                reason=method.broken_reason,
                at=now,
            )
            for method in methods
        )
    )
