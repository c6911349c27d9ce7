"""A contact method was refused for good: its owner should know before the next page."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from evenfall.notifications.actions.planning import INBOX, plan_notices
from evenfall.notifications.events import ContactMethodBroken
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import Content, NewNotice

REPAIR = "repair"


def ask_for_repair(*, broken: Sequence[ContactMethodBroken], now: datetime) -> list[int]:
    """Plan a low-urgency notice to each owner: the inbox, and the kinds that still work."""
    with transaction.atomic():
        working = _working_kinds({fact.user_id for fact in broken})
        notices = [
            _notice(fact, kind, now)
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


def _notice(fact: ContactMethodBroken, kind: str, now: datetime) -> NewNotice:
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
                f"{fact.channel}: {fact.address}"[:200],
                f"The answer was: {fact.reason}"[:300],
                "Mend it or add another one before the next page.",
            ),
            url="/profile/contact-methods/",
            severity="warning",
            tag=f"contact_method:{fact.contact_method_id}",
        ),
    )
