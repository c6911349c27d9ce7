"""What post-mortems do when incidents end."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.incidents.events import IncidentResolved, RecurrenceLinked
from evenfall.platform.events import Recorded
from evenfall.postmortems import actions


def draft_after_resolution(events: Sequence[Recorded[IncidentResolved]], *, now: datetime) -> None:
    """Make the drafts of critical incidents that ended."""
    actions.start_drafts(incident_ids={one.event.incident_id for one in events}, now=now)


def reopen_after_recurrence(events: Sequence[Recorded[RecurrenceLinked]], *, now: datetime) -> None:
    """What was done after the incident that came back did not hold: it is open again."""
    came = {one.event.of_id: one.event.incident_id for one in events if one.event.of_id is not None}
    actions.reopen_after_recurrence(recurrences=came, now=now)
