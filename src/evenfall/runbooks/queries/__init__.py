"""Named reads of runbooks. Import this module, not its parts."""

from evenfall.runbooks.logic.checklist import Task
from evenfall.runbooks.queries.checking import Checklist, Ticked, checklist, to_html
from evenfall.runbooks.queries.folders import (
    FolderView,
    documents_of_all,
    folder,
    recent_folders,
    step_counts,
)
from evenfall.runbooks.queries.linking import (
    LinksView,
    RunbookInUse,
    for_alerts,
    links,
    of_services,
)
from evenfall.runbooks.queries.reading import (
    Filters,
    RunbookView,
    Show,
    VersionText,
    VersionView,
    all_tags,
    proposal,
    runbook,
    runbook_by_slug,
    runbook_views,
    runbooks_page,
    version,
    versions,
)
from evenfall.runbooks.queries.searching import Found, Piece, search
from evenfall.runbooks.queries.uses import UseView, missing, missing_one, uses_of

__all__ = [
    "Checklist",
    "Filters",
    "FolderView",
    "Found",
    "LinksView",
    "Piece",
    "RunbookInUse",
    "RunbookView",
    "Show",
    "Task",
    "Ticked",
    "UseView",
    "VersionText",
    "VersionView",
    "all_tags",
    "checklist",
    "documents_of_all",
    "folder",
    "for_alerts",
    "links",
    "missing",
    "missing_one",
    "of_services",
    "proposal",
    "recent_folders",
    "runbook",
    "runbook_by_slug",
    "runbook_views",
    "runbooks_page",
    "search",
    "step_counts",
    "to_html",
    "uses_of",
    "version",
    "versions",
]
