"""What was learned from many incidents at once: for those who compare them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from evenfall.postmortems.logic.action_life import ActionState
from evenfall.postmortems.models import Postmortem


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Of one incident: its contributing factors, as keys, and when the last fix was verified."""

    factors: tuple[str, ...] = ()
    verified_at: datetime | None = None


def lessons(incident_ids: Collection[int]) -> dict[int, Lesson]:
    """By incident; one without a post-mortem is left out. Two queries, however many."""
    verified = Q(actions__state=ActionState.VERIFIED.value)
    rows = Postmortem.objects.filter(incident_id__in=incident_ids)
    found = rows.annotate(verified_at=Max("actions__settled_at", filter=verified))
    return {
        row.incident_id: Lesson(
            factors=tuple(sorted(one.factor.key for one in row.factors.all())),
            verified_at=row.verified_at,
        )
        for row in found.prefetch_related("factors__factor")
    }
