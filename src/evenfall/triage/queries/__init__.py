"""Named reads of triage. Import this module, not its parts."""

from evenfall.triage.queries.bandwidth import people_of_week, week_hours
from evenfall.triage.queries.items import (
    EventView,
    Filters,
    ItemView,
    Somebody,
    clocks_of,
    ended,
    events_of,
    history,
    item,
    queue,
    team_of,
)
from evenfall.triage.queries.settings import (
    Book,
    CalendarView,
    Intake,
    TargetsView,
    TeamReviewView,
    calendar,
    calendars,
    intake,
    targets,
    team_review,
)
from evenfall.triage.queries.working import Lane, Report, report, work_in_progress

__all__ = [
    "Book",
    "CalendarView",
    "EventView",
    "Filters",
    "Intake",
    "ItemView",
    "Lane",
    "Report",
    "Somebody",
    "TargetsView",
    "TeamReviewView",
    "calendar",
    "calendars",
    "clocks_of",
    "ended",
    "events_of",
    "history",
    "intake",
    "item",
    "people_of_week",
    "queue",
    "report",
    "targets",
    "team_of",
    "team_review",
    "week_hours",
    "work_in_progress",
]
