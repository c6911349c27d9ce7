"""Named reads of incidents. Import this module, not its parts."""

from evenfall.incidents.queries.chain import PageChain, as_document, page_chain
from evenfall.incidents.queries.details import (
    AlertOfIncident,
    NoteView,
    alert_ids,
    alerts_page,
    incident,
    incident_of_alerts,
    incidents,
    merged_into,
    notes,
    suspected_changes,
)
from evenfall.incidents.queries.export import Export, as_markdown, incident_export
from evenfall.incidents.queries.handover import handover_briefing
from evenfall.incidents.queries.lists import (
    Filters,
    Show,
    find_incidents,
    incidents_page,
    live_counts,
    live_incidents,
    similar_incidents,
)
from evenfall.incidents.queries.story import Told, incident_story, pages_of
from evenfall.incidents.queries.timeline import TimelineEntry, timeline
from evenfall.incidents.queries.views import IncidentView, Named

__all__ = [
    "AlertOfIncident",
    "Export",
    "Filters",
    "IncidentView",
    "Named",
    "NoteView",
    "PageChain",
    "Show",
    "TimelineEntry",
    "Told",
    "alert_ids",
    "alerts_page",
    "as_document",
    "as_markdown",
    "find_incidents",
    "handover_briefing",
    "incident",
    "incident_export",
    "incident_of_alerts",
    "incident_story",
    "incidents",
    "incidents_page",
    "live_counts",
    "live_incidents",
    "merged_into",
    "notes",
    "page_chain",
    "pages_of",
    "similar_incidents",
    "suspected_changes",
    "timeline",
]
