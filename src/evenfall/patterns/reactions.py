"""What patterns do when incidents and post-mortems change. Batches come in journal order."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.incidents import events as incidents_events
from evenfall.patterns import actions, errors
from evenfall.patterns import events as pattern_events
from evenfall.platform.events import Event, Recorded
from evenfall.postmortems import events as postmortems_events

CHANGES: tuple[type[Event], ...] = (
    incidents_events.IncidentOpened,
    incidents_events.AlertsJoined,
    incidents_events.IncidentRenamed,
    incidents_events.IncidentMerged,
    incidents_events.IncidentDeclined,
    incidents_events.IncidentReopened,
    incidents_events.PrivacyChanged,
    postmortems_events.PostmortemChanged,
)
LIVES: tuple[type[Event], ...] = (
    pattern_events.PatternRaised,
    pattern_events.PatternMoved,
    pattern_events.PatternsMerged,
    pattern_events.PatternDismissed,
)
LINKS: tuple[type[Event], ...] = (incidents_events.RecurrenceLinked,)

type Change = incidents_events.IncidentEvent | postmortems_events.PostmortemChanged


def compare_incidents(events: Sequence[Recorded[Change]], *, now: datetime) -> None:
    """Whatever an incident is compared by may be another now: compare it soon."""
    actions.compare_soon(incident_ids={one.event.incident_id for one in events}, now=now)


def follow_links(
    events: Sequence[Recorded[incidents_events.RecurrenceLinked]], *, now: datetime
) -> None:
    """Whoever says that an incident came back says that both are one problem."""
    for one in events:
        fact = one.event
        if fact.of_id is not None:
            _confirm(fact.incident_id, fact.of_id, now=now, actor=fact.actor)


def mark_items(events: Sequence[Recorded[pattern_events.PatternEvent]], *, now: datetime) -> None:
    """The item of a pattern that is live counts more in the queue."""
    ids = {one.event.pattern_id for one in events}
    merged = {
        one.event.from_id for one in events if isinstance(one.event, pattern_events.PatternsMerged)
    }
    actions.mark_items(pattern_ids=ids | merged, now=now)


def _confirm(incident_id: int, other_id: int, *, now: datetime, actor: str) -> None:
    try:
        actions.confirm_pair(incident_id=incident_id, other_id=other_id, now=now, actor=actor)
    except errors.NotAnIncident:
        return  # merged or declined since
