"""What the incident itself tells, for a draft."""

from datetime import datetime, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.platform import journal
from evenfall.postmortems.logic.filling import Changed, Facts, Fired, Moment, Told

MOST_ALERTS = 100
MOST_FACTS = 500
_PERSON = "user:"


def responder_ids(incident_id: int) -> frozenset[int]:
    """Whoever did something in the incident or was the one who answered it, by the journal."""
    view = incidents_queries.incident(incident_id)
    return _answered(view) | _acted(view)


def incident_facts(incident_id: int, *, now: datetime) -> Facts:
    """Everything that a draft can be filled with. Raises IncidentNotFound."""
    view = incidents_queries.incident(incident_id)
    who = _answered(view) | _acted(view)
    names = identity_queries.names(who)
    return Facts(
        severity=view.severity.value,
        environment=view.environment.value,
        service="" if view.service is None else view.service.name,
        opened_at=view.opened_at,
        acknowledged_at=view.acknowledged_at,
        mobilised_at=view.mobilised_at,
        resolved_at=view.resolved_at,
        alert_count=view.alert_count,
        timeline=_timeline(incident_id),
        participants=sorted(names[number] for number in who if number in names),
        alerts=_alerts(incident_id),
        told=_told(incident_id, now),
        severities=_severities(view, now),
        changes=[
            Changed(summary=change.summary, source=change.source, at=change.at)
            for change in reversed(incidents_queries.suspected_changes(view))
        ],
    )


def _timeline(incident_id: int) -> list[Moment]:
    return [
        Moment(at=one.at, who=one.who, text=one.text, pinned=one.pinned)
        for one in incidents_queries.timeline(incident_id)
    ]


def _alerts(incident_id: int) -> list[Fired]:
    page = incidents_queries.alerts_page(incident_id, size=MOST_ALERTS)
    found = [
        Fired(title=one.title, severity=one.severity.value, at=one.joined_at, ended_at=one.ended_at)
        for one in page.items
    ]
    return sorted(found, key=lambda one: one.at)


def _told(incident_id: int, now: datetime) -> list[Told]:
    scores = incidents_queries.promises_kept(incident_id, now=now)
    return [
        Told(audience=one.audience.label, kept=one.kept, late=one.late, broken=one.broken)
        for one in scores
        if one.audience is not None
    ]


def _severities(view: IncidentView, now: datetime) -> list[tuple[str, timedelta]]:
    times = incidents_queries.severity_times(view, now=now)
    return [(sev.value, length) for sev, length in times.items()]


def _answered(view: IncidentView) -> frozenset[int]:
    named = (view.acknowledged_by, view.mobilised_by, view.resolved_by)
    return frozenset(person.id for person in named if person is not None)


def _acted(view: IncidentView) -> frozenset[int]:
    """Actors of the facts of the incident itself; who only wrote about it afterwards is no one."""
    entries = journal.recent(subject=view.subject, limit=MOST_FACTS)
    until = view.resolved_at
    return frozenset(
        int(entry.actor.removeprefix(_PERSON))
        for entry in entries
        if entry.kind.startswith("incidents.")
        and entry.actor.startswith(_PERSON)
        and (until is None or entry.at <= until)
    )
