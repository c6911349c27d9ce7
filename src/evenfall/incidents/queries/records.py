"""Incidents as reports keep them: what people said of them, and their alerts by time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from evenfall.incidents.models import Incident, IncidentAlert


class IncidentRecord(Struct, frozen=True, kw_only=True):
    """`alerts` are their numbers and when they joined, oldest first."""

    id: int
    not_actionable: bool
    environment: str
    service_id: int | None
    alerts: tuple[tuple[int, datetime], ...]


def incident_records(incident_ids: Collection[int]) -> dict[int, IncidentRecord]:
    """These incidents, also private ones: for work of our own, never for a page. Two queries."""
    alerts: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    joined = IncidentAlert.objects.filter(incident_id__in=incident_ids).order_by("joined_at", "id")
    for incident_id, alert_id, at in joined.values_list("incident_id", "alert_id", "joined_at"):
        alerts[incident_id].append((alert_id, at))
    rows = Incident.objects.filter(id__in=incident_ids)
    columns = rows.values_list("id", "not_actionable", "environment", "service_id")
    return {
        number: IncidentRecord(
            id=number,
            not_actionable=not_actionable,
            environment=environment,
            service_id=service_id,
            alerts=tuple(alerts.get(number, ())),
        )
        for number, not_actionable, environment, service_id in columns
    }
