"""Whoever was reminded or called for an update is left alone once it was told."""

from collections.abc import Sequence
from typing import Final

from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.promises import Step
from evenfall.incidents.models import Promise
from evenfall.notifications import actions as notifications_actions
from evenfall.paging import actions as paging_actions

TOLD: Final = "the update was told"
_LOUD: Final = frozenset({Step.DUE.value, Step.HELP.value, Step.BREAK.value})


def subject(incident_id: int) -> str:
    """Return how reminders of an incident and the calls for its updates are named."""
    return f"updates:{incident_id}"


def calm(incident_id: int, kept: Sequence[Promise], waiting: Sequence[Promise], by: By) -> None:
    """Take back what was planned or rings for kept promises, unless another audience is late."""
    if not any(row.nudges for row in kept) or any(row.taken in _LOUD for row in waiting):
        return
    notifications_actions.cancel_notices(subjects=[subject(incident_id)], reason=TOLD, now=by.at)
    if any(row.page_id for row in kept):
        paging_actions.stop_pages(
            subjects=[subject(incident_id)], reason=TOLD, now=by.at, actor=by.actor
        )
