"""A contact method was refused for good: its owner should know before the next page."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from evenfall.notifications.actions.planning import INBOX, plan_notices
from evenfall.notifications.events import ContactMethodBroken
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import Content, NewNotice
from evenfall.notifications.queries import channel_label

REPAIR = "repair"


def ask_for_repair(*, broken: Sequence[ContactMethodBroken], now: datetime) -> list[int]:
    """Plan a low-urgency notice to each owner: the inbox, and the kinds that still work."""
    with transaction.atomic():
        working = _working_kinds({fact.user_id for fact in broken})
        names = _names({fact.contact_method_id for fact in broken})
        notices = [
            _notice(fact, names.get(fact.contact_method_id) or fact.address, kind, now)
            for fact in broken
            for kind in (INBOX, *sorted(working.get(fact.user_id, ())))
        ]
        return plan_notices(notices=notices, now=now)


def _working_kinds(user_ids: set[int]) -> dict[int, set[str]]:
    rows = ContactMethod.objects.filter(
        user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).values_list("user_id", "kind")
    kinds: dict[int, set[str]] = {}
    for user_id, kind in rows:
        kinds.setdefault(user_id, set()).add(kind)
    return kinds


def _names(ids: set[int]) -> dict[int, str]:
    """What their owners call them: the address of a device says nothing to anybody."""
    return dict(ContactMethod.objects.filter(id__in=ids).values_list("id", "label"))


def _notice(fact: ContactMethodBroken, name: str, kind: str, now: datetime) -> NewNotice:
    return NewNotice(
        user_id=fact.user_id,
        subject=f"contact_method:{fact.contact_method_id}",
        purpose=REPAIR,
        kind=kind,
        urgency=Urgency.LOW.value,
        due_at=now,
        content=Content(
            title="A way to reach you no longer works",
            lines=(
                f"{channel_label(fact.channel)}: {name}"[:200],
                f"The answer was: {fact.reason}"[:300],
                "Mend it or add another one before the next page.",
            ),
            url="/profile/contact-methods/",
            severity="warning",
            tag=f"contact_method:{fact.contact_method_id}",
        ),
    )
