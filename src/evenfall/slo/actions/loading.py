"""What actions on objectives do first: find, lock, check."""

from datetime import datetime
from typing import Any, Final

from evenfall.platform.events import SYSTEM
from evenfall.slo import errors
from evenfall.slo.models import Objective

MOST_TEXT: Final = 10_000


def locked(objective_id: int) -> Objective:
    """The objective that is not archived, locked. Raises ObjectiveNotFound."""
    rows = Objective.objects.select_for_update(of=("self",)).prefetch_related("members")
    row = rows.filter(id=objective_id, archived_at=None).first()
    if row is None:
        raise errors.ObjectiveNotFound(objective=objective_id)
    return row


def about(row: Objective, *, now: datetime, actor: str = SYSTEM) -> dict[str, Any]:
    """The fields that all facts about an objective share."""
    return {
        "objective_id": row.pk,
        "name": row.name,
        "service_id": row.service_id,
        "at": now,
        "actor": actor,
    }


def reason_of(text: str) -> str:
    """Raises ReasonMissing."""
    reason = text_of(text)
    if not reason:
        raise errors.ReasonMissing(field="reason")
    return reason


def text_of(text: str) -> str:
    return text.replace("\0", "").strip()[:MOST_TEXT]
