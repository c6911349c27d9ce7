"""What can be done with incidents. Import this module, not its parts."""

from evenfall.incidents.actions.answering import PageWord, follow_answers
from evenfall.incidents.actions.declaring import declare_incident
from evenfall.incidents.actions.editing import rename, set_severity
from evenfall.incidents.actions.following import (
    AlertChange,
    AlertEnd,
    acknowledge_alerts,
    end_alerts,
    update_alerts,
)
from evenfall.incidents.actions.joining import open_or_join
from evenfall.incidents.actions.marking import annotate_entry, pin_entry
from evenfall.incidents.actions.merging import merge_incidents
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.noting import (
    Upload,
    add_note,
    attach_images,
    correct_note,
    strike_note,
)
from evenfall.incidents.actions.reaching import page_more
from evenfall.incidents.actions.responding import (
    acknowledge_incident,
    mark_not_actionable,
    mobilise_incident,
    reopen_incident,
    resolve_incident,
)
from evenfall.incidents.logic.grouping import Arrival

__all__ = [
    "AlertChange",
    "AlertEnd",
    "Arrival",
    "By",
    "PageWord",
    "Upload",
    "acknowledge_alerts",
    "acknowledge_incident",
    "add_note",
    "annotate_entry",
    "attach_images",
    "correct_note",
    "declare_incident",
    "end_alerts",
    "follow_answers",
    "mark_not_actionable",
    "merge_incidents",
    "mobilise_incident",
    "open_or_join",
    "page_more",
    "pin_entry",
    "rename",
    "reopen_incident",
    "resolve_incident",
    "set_severity",
    "strike_note",
    "update_alerts",
]
