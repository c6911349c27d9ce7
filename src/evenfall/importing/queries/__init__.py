"""Named reads of importing: uploads, and the report of what a run would do or did."""

from evenfall.importing.queries.comparisons import ComparedSchedule, DifferenceView, comparisons
from evenfall.importing.queries.deleted import deleted_overrides
from evenfall.importing.queries.plans import (
    PersonLine,
    Plan,
    PlannedPolicy,
    PlannedRota,
    plan,
)
from evenfall.importing.queries.reports import Report, RotaLine, plain_report, report
from evenfall.importing.queries.uploads import UploadView, recent_uploads, upload

__all__ = [
    "ComparedSchedule",
    "DifferenceView",
    "PersonLine",
    "Plan",
    "PlannedPolicy",
    "PlannedRota",
    "Report",
    "RotaLine",
    "UploadView",
    "comparisons",
    "deleted_overrides",
    "plain_report",
    "plan",
    "recent_uploads",
    "report",
    "upload",
]
