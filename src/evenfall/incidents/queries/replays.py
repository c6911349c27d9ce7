"""What humans did about the incidents of some alerts: what a replay takes as it was."""

from datetime import datetime
from typing import Final

from evenfall.incidents.logic.replaying import Answers
from evenfall.incidents.models import IncidentAlert

_AT_ONCE: Final = 5_000


def answers_given(*, from_alert_id: int) -> dict[int, Answers]:
    """What was done about the incident of each alert that is not older. One query.

    Only what people did counts: an incident that ended because its alerts did says nothing.
    """
    rows = IncidentAlert.objects.filter(alert_id__gte=from_alert_id).values_list(
        "alert_id",
        "incident__opened_at",
        "incident__acknowledged_by_id",
        "incident__mobilised_by_id",
        "incident__acknowledged_at",
        "incident__mobilised_at",
        "incident__resolved_at",
        "incident__resolved_by_id",
    )
    found: dict[int, Answers] = {}
    shared: dict[tuple[object, ...], Answers] = {}
    for row in rows.iterator(chunk_size=_AT_ONCE):
        key = row[1:]
        if key not in shared:
            shared[key] = _answers(*key)
        found[row[0]] = shared[key]
    return found


def _answers(
    opened_at: datetime,
    acknowledged_by: int | None,
    mobilised_by: int | None,
    acknowledged: datetime | None,
    mobilised: datetime | None,
    resolved: datetime | None,
    resolver: int | None,
) -> Answers:
    return Answers(
        user_id=acknowledged_by or mobilised_by,
        answered_after=first - opened_at if (first := acknowledged or mobilised) else None,
        resolved_after=resolved - opened_at if resolved is not None and resolver else None,
    )
