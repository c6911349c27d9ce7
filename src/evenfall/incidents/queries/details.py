"""One incident with what belongs to it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.incidents import errors
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.incidents.queries.sight import hidden, seen
from evenfall.incidents.queries.views import IncidentView, incident_views
from evenfall.platform import once, pages


class AlertOfIncident(Struct, frozen=True, kw_only=True):
    """An alert as its incident knows it; `log_lines` are at most three."""

    alert_id: int
    title: str
    severity: Severity
    is_open: bool
    joined_at: datetime
    ended_at: datetime | None
    log_lines: tuple[str, ...]
    cause_alert_id: int | None = None
    """While it only waits here for this alert, of a service that its own needs."""


def incident(incident_id: int) -> IncidentView:
    """Raises IncidentNotFound."""
    row = seen(Incident.objects.filter(id=incident_id)).first()
    if row is None:
        raise errors.IncidentNotFound(incident_id=incident_id)
    return incident_views([row])[0]


def incidents(incident_ids: Collection[int]) -> dict[int, IncidentView]:
    """Return those that exist and that whoever asks may see, by id."""
    rows = seen(Incident.objects.filter(id__in=incident_ids)).order_by("id")
    return {view.id: view for view in incident_views(list(rows))}


def incident_of_alerts(alert_ids: Collection[int]) -> dict[int, int]:
    """Return the incident that each alert belongs to; alerts without one are left out."""
    rows = IncidentAlert.objects.filter(alert_id__in=alert_ids).exclude(incident_id__in=hidden())
    return dict(rows.values_list("alert_id", "incident_id"))


def alerts_page(
    incident_id: int, *, cursor: str | None = None, size: int = 50
) -> pages.Page[AlertOfIncident]:
    """Return the alerts of an incident: open ones first, then the newest first."""
    rows = IncidentAlert.objects.filter(incident_id=incident_id)
    page = pages.keyset(rows, order=("-is_open", "-joined_at", "-id"), cursor=cursor, size=size)
    return page.holding([_alert(row) for row in page.items])


def alert_ids(incident_id: int, *, limit: int = 50) -> list[int]:
    """Return the first alerts that joined, oldest first."""
    rows = IncidentAlert.objects.filter(incident_id=incident_id).order_by("id")
    return list(rows.values_list("alert_id", flat=True)[:limit])


def service_ids(view: IncidentView) -> frozenset[int]:
    """Return the services that an incident is about: its own and those of its alerts."""
    return services_of({view.id: view.service_id})[view.id]


def services_of(own: Mapping[int, int | None]) -> dict[int, frozenset[int]]:
    """Return as `service_ids` those of each incident; `own` are their own by incident."""
    return once.known("incidents.services", own, lambda: _services_of(own))


def _services_of(own: Mapping[int, int | None]) -> dict[int, frozenset[int]]:
    found = {number: {service} if service else set[int]() for number, service in own.items()}
    rows = IncidentAlert.objects.filter(incident_id__in=found, service__isnull=False)
    for incident_id, service_id in rows.values_list("incident_id", "service_id").distinct():
        found[incident_id].add(service_id)
    return {number: frozenset(services) for number, services in found.items()}


def _alert(row: IncidentAlert) -> AlertOfIncident:
    return AlertOfIncident(
        alert_id=row.alert_id,
        title=row.title,
        severity=Severity(row.severity),
        is_open=row.is_open,
        joined_at=row.joined_at,
        ended_at=row.ended_at,
        log_lines=tuple(row.log_lines),
        cause_alert_id=row.cause_alert_id,
    )
