"""What post-mortems do when incidents end."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.incidents.events import IncidentResolved
from evenfall.platform.events import Recorded
from evenfall.postmortems import actions


def draft_after_resolution(events: Sequence[Recorded[IncidentResolved]], *, now: datetime) -> None:
    """Make the drafts of critical incidents that ended."""
    actions.start_drafts(incident_ids={one.event.incident_id for one in events}, now=now)
