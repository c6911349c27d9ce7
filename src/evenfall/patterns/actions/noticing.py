"""Which incidents have to be compared (again)."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from evenfall.incidents import queries as incidents_queries
from evenfall.patterns.models import IncidentTraits
from evenfall.platform.wakeups import wake

COMPARE: Final = "patterns.compare"


def compare_soon(*, incident_ids: Collection[int], now: datetime) -> None:
    """Read the traits of these incidents and compare them; runs in a transaction."""
    views = incidents_queries.incidents(incident_ids)
    known = set(
        IncidentTraits.objects.filter(incident_id__in=views).values_list("incident_id", flat=True)
    )
    rows = [
        IncidentTraits(
            incident_id=view.id,
            environment=view.environment.value,
            opened_at=view.opened_at,
            due_at=now,
        )
        for view in views.values()
        # a pattern and its name are seen by everybody: what became private is read to forget it
        if not view.is_private or view.id in known
    ]
    IncidentTraits.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["incident"],
        update_fields=["due_at", "environment", "opened_at"],
    )
    if rows:
        wake(COMPARE)
