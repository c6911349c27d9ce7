"""Pages are written down for the noise audit as they move. Batches come in journal order."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.incidents.events import IncidentEvent, IncidentResolved, MarkedNotActionable
from evenfall.insights import actions
from evenfall.paging import events as paging_events
from evenfall.paging.events import PageEvent
from evenfall.platform.events import Event, Recorded

PAGE_EVENTS: tuple[type[Event], ...] = (
    paging_events.PageStarted,
    paging_events.PageStepTaken,
    paging_events.PageAcknowledged,
    paging_events.PageMobilised,
    paging_events.HelpRequested,
    paging_events.PageResolved,
    paging_events.PageStopped,
)
INCIDENT_EVENTS: tuple[type[Event], ...] = (IncidentResolved, MarkedNotActionable)


def follow_pages(events: Sequence[Recorded[PageEvent]], *, now: datetime) -> None:
    """Write down the pages that moved, each once a batch."""
    del now  # all is in the facts
    actions.record_pages(page_ids={one.event.page_id for one in events})


def follow_incidents(events: Sequence[Recorded[IncidentEvent]], *, now: datetime) -> None:
    """An incident that ended tells whether anybody did anything, and whether it was needed."""
    del now  # as above
    actions.record_about(incident_ids={one.event.incident_id for one in events})
