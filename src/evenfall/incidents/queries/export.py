"""One incident as a document: to attach, to keep, to write about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.incidents.queries.details import (
    AlertOfIncident,
    alerts_page,
    incident,
)
from evenfall.incidents.queries.documents import markdown_lines, plain, utc
from evenfall.incidents.queries.notes import NoteView, notes
from evenfall.incidents.queries.story import Told, incident_story
from evenfall.incidents.queries.stretches import TimelineEntry
from evenfall.incidents.queries.timeline import timeline
from evenfall.incidents.queries.views import IncidentView, Named

MOST_ALERTS: Final = 500


class Export(Struct, frozen=True, kw_only=True):
    """Everything about an incident, of the alerts the first 500 (open ones first)."""

    incident: IncidentView
    alerts: Sequence[AlertOfIncident]
    notes: Sequence[NoteView]
    story: Sequence[Told]
    timeline: Sequence[TimelineEntry]


def incident_export(incident_id: int) -> Export:
    """Raises IncidentNotFound."""
    return Export(
        incident=incident(incident_id),
        alerts=alerts_page(incident_id, size=MOST_ALERTS).items,
        notes=notes(incident_id),
        story=incident_story(incident_id),
        timeline=timeline(incident_id),
    )


def as_markdown(export: Export) -> str:
    """Return the document as Markdown; all times are UTC."""
    view = export.incident
    parts = [
        [f"# Incident {view.id}: {plain(view.title)}"],
        _facts(view),
        [view.description] if view.description else [],
        ["## Timeline", "", *markdown_lines(export.timeline)],
        ["## Alerts", "", *(_alert(alert) for alert in export.alerts)] if export.alerts else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _facts(view: IncidentView) -> list[str]:
    rows = {
        "State": view.state.value,
        "Severity": view.severity.value,
        "Declared as": view.declared_severity.value,
        "Urgency": view.urgency.value,
        "Environment": view.environment.value,
        "Service": _name(view.service),
        "Team": _name(view.team),
        "Why": plain(view.state_reason),
        "Paused until": _by(view.resume_by, None),
        "Harm began": _by(view.impact_started_at, None),
        "Noticed": _by(view.detected_at, None),
        "Opened": utc(view.opened_at),
        "Acknowledged": _by(view.acknowledged_at, view.acknowledged_by),
        "Work began": _by(view.mobilised_at, view.mobilised_by),
        "Harm ended": _by(view.mitigated_at, None),
        "Resolved": _by(view.resolved_at, view.resolved_by),
        "Closed": _by(view.closed_at, None),
        "Recurrence of": f"incident {view.recurrence_of_id}" if view.recurrence_of_id else "",
        "Merged into": f"incident {view.merged_into_id}" if view.merged_into_id else "",
    }
    return [f"- {label}: {value}" for label, value in rows.items() if value]


def _name(named: Named | None) -> str:
    return plain(named.name) if named else ""


def _by(at: datetime | None, who: Named | None) -> str:
    if at is None:
        return ""
    return f"{utc(at)} by {_name(who)}" if who else utc(at)


def _alert(alert: AlertOfIncident) -> str:
    ended = f"ended {utc(alert.ended_at)}" if alert.ended_at else "open"
    return f"- {alert.severity.value}: {plain(alert.title)} ({ended})"
