"""Risks that somebody takes until a day, on which they are decided on again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from evenfall.platform.events import SYSTEM
from evenfall.triage import errors
from evenfall.triage.actions.leaving import leave
from evenfall.triage.actions.moving import needed, save_move
from evenfall.triage.actions.recording import REMINDED_BEFORE, By, check, lock
from evenfall.triage.actions.telling import contacts_of, leads, tell
from evenfall.triage.logic.states import State, What
from evenfall.triage.models import Item

LONGEST = timedelta(days=366)
"""A risk that nobody looks at for longer is not accepted but forgotten."""


@transaction.atomic
def accept_risk(
    *,
    item_id: int,
    text: str,
    accepted_by: str,
    review_at: datetime | None,
    now: datetime,
    actor: str,
) -> None:
    """Somebody lives with it, for a reason, until a day; then it is new again by itself.

    Raises `ItemNotFound`, `NotPossible`, `ItemIncomplete`.
    """
    item = lock(item_id)
    check(item, What.RISK_TAKEN)
    if review_at is None or not now < review_at <= now + LONGEST:
        raise errors.ItemIncomplete(
            reason="Say when it is looked at again: a day to come, within a year.",
            field="review_at",
        )
    item.exit_reason = needed(text, "Say why this can be lived with.")
    item.risk_accepted_by = " ".join(accepted_by.split())[:200]
    if not item.risk_accepted_by:
        raise errors.ItemIncomplete(reason="Say who takes the risk.", field="accepted_by")
    item.risk_review_at = review_at
    words = f"By {item.risk_accepted_by}, until {review_at:%Y-%m-%d}. {item.exit_reason}"
    leave(item, What.RISK_TAKEN, By(actor, now), text=words)


def look_at_risks(rows: Iterable[Item], *, now: datetime) -> None:
    """Of locked items that are due: remind of each risk once, and bring back what had its day."""
    for item in rows:
        if item.state != State.RISK_ACCEPTED.value or item.risk_review_at is None:
            continue
        if item.risk_review_at <= now:
            _bring_back(item, now)
        elif item.risk_reminded_at is None and item.risk_review_at - REMINDED_BEFORE <= now:
            item.risk_reminded_at = now
            item.save(update_fields=["risk_reminded_at"])
            line = f"{item.risk_accepted_by} took this risk until {item.risk_review_at:%Y-%m-%d}."
            _tell(item, f"“{item.title}” comes back soon", line, now)


def _bring_back(item: Item, now: datetime) -> None:
    line = f"{item.risk_accepted_by} took this risk until today: decide again."
    item.assignee_id = None
    save_move(item, What.RETURNED, By(SYSTEM, now), text=line)
    _tell(item, f"“{item.title}” is back for review", line, now)


def _tell(item: Item, title: str, line: str, now: datetime) -> None:
    tell(item, title, line, readers=contacts_of([item]) | leads(item.team_id), now=now)
