"""What was learned from many incidents at once: for those who compare them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, Q
from msgspec import Struct

from evenfall.postmortems.logic.action_life import ActionState
from evenfall.postmortems.models import Postmortem, PostmortemFactor, Section


class Lesson(Struct, frozen=True, kw_only=True):
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


def lesson_texts(incident_ids: Collection[int]) -> dict[int, str]:
    """By incident: its contributing factors and what people wrote, from the top. Two queries."""
    names = PostmortemFactor.objects.filter(postmortem__incident_id__in=incident_ids)
    # what is filled in by itself, as the timeline is, says little about the problem
    written = Section.objects.filter(postmortem__incident_id__in=incident_ids, fill="")
    found: dict[int, list[str]] = {}
    for rows in (
        names.order_by("id").values_list("postmortem__incident_id", "factor__name"),
        written.order_by("position").values_list("postmortem__incident_id", "text"),
    ):
        for number, text in rows:
            found.setdefault(number, []).append(text)
    return {number: "\n".join(texts) for number, texts in found.items()}
