"""Named reads of incidents. Import this module, not its parts."""

from evenfall.incidents.queries.about import about_incidents
from evenfall.incidents.queries.approving import (
    ProposedView,
    approval_severities,
    proposed,
    proposed_of,
    proposed_waiting,
)
from evenfall.incidents.queries.causes import budget_causes, dependency_causes
from evenfall.incidents.queries.chain import PageChain, as_document, page_chain
from evenfall.incidents.queries.corrections import Correction, corrections
from evenfall.incidents.queries.details import (
    AlertOfIncident,
    alert_ids,
    alerts_page,
    incident,
    incident_of_alerts,
    incidents,
)
from evenfall.incidents.queries.documents import HEADER as TIMELINE_HEADER
from evenfall.incidents.queries.documents import (
    entry_document,
    image_url,
    timeline_markdown,
    timeline_rows,
)
from evenfall.incidents.queries.export import Export, as_markdown, incident_export
from evenfall.incidents.queries.handover import handover_briefing
from evenfall.incidents.queries.hearing import HearingLine, ListenerView, hearing_of, listeners
from evenfall.incidents.queries.kept import PromiseReport, promise_report, promises_kept
from evenfall.incidents.queries.lists import (
    Filters,
    LiveTrouble,
    Show,
    find_incidents,
    incidents_page,
    live_counts,
    live_incidents,
    live_troubles,
    waiting_and_in_hand,
)
from evenfall.incidents.queries.notes import (
    ImageView,
    NoteView,
    VersionView,
    image,
    image_bodies,
    note,
    note_versions,
    notes,
)
from evenfall.incidents.queries.outages import Outage, harms_of, production_outages
from evenfall.incidents.queries.promises import (
    BoardLine,
    PromiseDesk,
    PromiseView,
    promise_board,
    promise_desk,
    promises_of,
)
from evenfall.incidents.queries.records import IncidentRecord, incident_records
from evenfall.incidents.queries.relatives import Relatives, relatives
from evenfall.incidents.queries.replays import answers_given
from evenfall.incidents.queries.roles import (
    Crew,
    HandoverView,
    PeopleCost,
    PersonTime,
    RoleView,
    crew,
    handover_card,
    handover_cards,
    people_cost,
)
from evenfall.incidents.queries.severity import severity_times
from evenfall.incidents.queries.sight import hidden, hidden_names, hidden_subjects, unseen
from evenfall.incidents.queries.similar import Similar, alert_titles, mergeable, similar_to
from evenfall.incidents.queries.story import Told, incident_story, pages_of, steering_facts
from evenfall.incidents.queries.stretches import Scope, TimelineEntry, scope
from evenfall.incidents.queries.succession import next_commander
from evenfall.incidents.queries.suspects import (
    Suspect,
    SuspectBoard,
    began_at,
    caused_by,
    confirmed_causes,
    incidents_after,
    likely_causes,
    secret_harms,
    suspect_board,
    suspected_changes,
)
from evenfall.incidents.queries.tasks import TaskBoard, TaskView, task, task_board
from evenfall.incidents.queries.timeline import (
    TimelinePage,
    page_of,
    require_entry,
    timeline,
    timeline_entry,
    timeline_page,
)
from evenfall.incidents.queries.updates import TextView, UpdateView, update, updates
from evenfall.incidents.queries.views import IncidentView, Named

__all__ = [
    "TIMELINE_HEADER",
    "AlertOfIncident",
    "BoardLine",
    "Correction",
    "Crew",
    "Export",
    "Filters",
    "HandoverView",
    "HearingLine",
    "ImageView",
    "IncidentRecord",
    "IncidentView",
    "ListenerView",
    "LiveTrouble",
    "Named",
    "NoteView",
    "Outage",
    "PageChain",
    "PeopleCost",
    "PersonTime",
    "PromiseDesk",
    "PromiseReport",
    "PromiseView",
    "ProposedView",
    "Relatives",
    "RoleView",
    "Scope",
    "Show",
    "Similar",
    "Suspect",
    "SuspectBoard",
    "TaskBoard",
    "TaskView",
    "TextView",
    "TimelineEntry",
    "TimelinePage",
    "Told",
    "UpdateView",
    "VersionView",
    "about_incidents",
    "alert_ids",
    "alert_titles",
    "alerts_page",
    "answers_given",
    "approval_severities",
    "as_document",
    "as_markdown",
    "began_at",
    "budget_causes",
    "caused_by",
    "confirmed_causes",
    "corrections",
    "crew",
    "dependency_causes",
    "entry_document",
    "find_incidents",
    "handover_briefing",
    "handover_card",
    "handover_cards",
    "harms_of",
    "hearing_of",
    "hidden",
    "hidden_names",
    "hidden_subjects",
    "image",
    "image_bodies",
    "image_url",
    "incident",
    "incident_export",
    "incident_of_alerts",
    "incident_records",
    "incident_story",
    "incidents",
    "incidents_after",
    "incidents_page",
    "likely_causes",
    "listeners",
    "live_counts",
    "live_incidents",
    "live_troubles",
    "mergeable",
    "next_commander",
    "note",
    "note_versions",
    "notes",
    "page_chain",
    "page_of",
    "pages_of",
    "people_cost",
    "production_outages",
    "promise_board",
    "promise_desk",
    "promise_report",
    "promises_kept",
    "promises_of",
    "proposed",
    "proposed_of",
    "proposed_waiting",
    "relatives",
    "require_entry",
    "scope",
    "secret_harms",
    "severity_times",
    "similar_to",
    "steering_facts",
    "suspect_board",
    "suspected_changes",
    "task",
    "task_board",
    "timeline",
    "timeline_entry",
    "timeline_markdown",
    "timeline_page",
    "timeline_rows",
    "unseen",
    "update",
    "updates",
    "waiting_and_in_hand",
]
