"""The ways out at the side, and back. Each locks the item and says who did it."""

from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.ports import Sev
from evenfall.platform.events import SYSTEM
from evenfall.triage import errors, queries
from evenfall.triage.actions.moving import needed, save_move
from evenfall.triage.actions.recording import By, check, lock, record
from evenfall.triage.actions.telling import contacts_of, tell, tell_of_original
from evenfall.triage.logic.states import State, What, state_before
from evenfall.triage.models import Item

_WORDS: Final = {
    What.DECLINED: "It is declined.",
    What.DUPLICATE: "It is a duplicate itself.",
    What.RISK_TAKEN: "The risk is accepted.",
    What.PROMOTED: "It became an incident.",
}


class IncidentWish(Struct, frozen=True, kw_only=True):
    """The incident that an item becomes; with `page` whoever is on call is called at once."""

    title: str
    severity: Sev
    environment: Environment
    service_id: int | None = None
    page: bool = True


@transaction.atomic
def decline(*, item_id: int, text: str, now: datetime, actor: str) -> None:
    """It will not be done, because of `text`. Raises also `ItemIncomplete`."""
    item = lock(item_id)
    check(item, What.DECLINED)
    item.exit_reason = needed(text, "Say why it is declined.")
    leave(item, What.DECLINED, By(actor, now), text=item.exit_reason)


@transaction.atomic
def mark_duplicate(
    *, item_id: int, original_id: int, text: str = "", now: datetime, actor: str
) -> None:
    """It is the same as another item; its people are told now, and when the original ends.

    Locks both, the lower number first. Its own duplicates become duplicates of the original.
    Raises `ItemNotFound`, `NotPossible`, `NotTheOriginal`.
    """
    if item_id == original_id:
        raise errors.NotTheOriginal(item_id=item_id, reason="it is the item itself")
    locked = {number: lock(number) for number in sorted({item_id, original_id})}
    item, original = locked[item_id], locked[original_id]
    check(item, What.DUPLICATE)
    if original.duplicate_of_id is not None:
        reason = f"it is a duplicate of item {original.duplicate_of_id}"
        raise errors.NotTheOriginal(item_id=original_id, reason=reason)
    by = By(actor, now)
    item.duplicate_of, item.exit_reason = original, text.strip()
    leave(item, What.DUPLICATE, by, text=f"Of #{original_id}. {text.strip()}".strip())
    Item.objects.filter(duplicate_of=item).update(duplicate_of=original)
    line = f"It goes on as #{original_id}, “{original.title}”."
    tell(item, f"“{item.title}” is known already", line, readers=contacts_of([item]), now=now)


@transaction.atomic
def promote(
    *,
    item_id: int,
    wish: IncidentWish,
    text: str = "",
    user_id: int | None = None,
    now: datetime,
    actor: str,
) -> int:
    """It cannot wait: declare an incident of its team and return its number; the clocks stop.

    Raises `ItemNotFound`, `NotPossible`, and what declaring raises.
    """
    item = lock(item_id)
    check(item, What.PROMOTED)
    item.incident_id = incidents_actions.declare_incident(
        title=wish.title or item.title,
        description=f"{item.description}\n\nFrom the review: /triage/{item.pk}/".strip(),
        severity=wish.severity,
        environment=wish.environment,
        service_id=wish.service_id,
        team_id=item.team_id,
        page=wish.page,
        user_id=user_id,
        now=now,
        actor=actor,
    )
    item.exit_reason = text.strip()
    leave(item, What.PROMOTED, By(actor, now), text=item.exit_reason)
    return item.incident_id


@transaction.atomic
def reopen(*, item_id: int, text: str, now: datetime, actor: str) -> None:
    """It ended by mistake, or was not done after all: it goes back to where it was.

    The clocks that the end stopped go on with what had passed. Nobody has it in work. Raises
    `ItemNotFound`, `NotPossible`, `ItemIncomplete`.
    """
    item = lock(item_id)
    check(item, What.REOPENED)
    text = needed(text, "Say why it is opened again.")
    before = state_before(queries.events_of([item.pk])[item.pk])
    begun = {State.SCHEDULED, State.ACTIVE, State.VERIFYING}
    item.assignee_id = None
    save_move(
        item,
        What.REOPENED,
        By(actor, now),
        text=text,
        state=State.ACCEPTED if before in begun else before,
    )
    tell_of_original(item, "It is open again.", By(actor, now))


@transaction.atomic
def follow_incident(*, incident_id: int, is_over: bool, now: datetime) -> None:
    """Say on the items that became this incident that it is over, once; or that it is not."""
    rows = Item.objects.select_for_update().filter(
        incident_id=incident_id,
        state=State.PROMOTED.value,
        incident_over_at__isnull=is_over,
    )
    by = By(SYSTEM, now)
    for item in rows.order_by("id"):
        item.incident_over_at = now if is_over else None
        words = "Its incident is over." if is_over else "Its incident is open again."
        record(item, What.INCIDENT_OVER if is_over else What.COMMENTED, by, text=words)
        tell(item, f"“{item.title}”", words, readers=contacts_of([item]), now=now)
        tell_of_original(item, words, by)


def leave(item: Item, what: What, by: By, *, text: str) -> None:
    """End a locked item by one of the ways out, and tell those who wait for it elsewhere."""
    save_move(item, what, by, text=text)
    tell_of_original(item, f"{_WORDS[what]} {text}".strip(), by)
