"""What chat does when incidents change. Batches come in the order of the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evenfall.chat import actions
from evenfall.incidents import events as incidents_events
from evenfall.paging import events as paging_events
from evenfall.platform.events import Event, Recorded

_SUBJECT = "incident:"

INCIDENT_EVENTS: tuple[type[Event], ...] = (
    incidents_events.IncidentOpened,
    incidents_events.AlertsJoined,
    incidents_events.AlertsRecovered,
    incidents_events.IncidentAcknowledged,
    incidents_events.IncidentMobilised,
    incidents_events.IncidentAlarmed,
    incidents_events.IncidentMoved,
    incidents_events.IncidentPaused,
    incidents_events.IncidentDeclined,
    incidents_events.IncidentResolved,
    incidents_events.IncidentSentToReview,
    incidents_events.IncidentClosed,
    incidents_events.IncidentReopened,
    incidents_events.IncidentMerged,
    incidents_events.PrivacyChanged,
    incidents_events.SeverityChanged,
    incidents_events.IncidentRenamed,
    paging_events.PageStepTaken,
)


def follow_incidents(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """Let the rooms show what changed; a batch about one incident is one change of its message."""
    numbers = set(_incidents(recorded.event for recorded in events))
    if numbers:
        actions.follow_incidents(incident_ids=numbers, now=now)


def _incidents(facts: Iterable[Event]) -> Iterable[int]:
    for fact in facts:
        if isinstance(fact, incidents_events.IncidentEvent):
            yield fact.incident_id
        elif isinstance(fact, paging_events.PageEvent) and fact.subject.startswith(_SUBJECT):
            yield int(fact.subject.removeprefix(_SUBJECT))
