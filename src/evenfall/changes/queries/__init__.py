"""Named reads of the ledger."""

from evenfall.changes.queries.counts import DayCount, daily_counts
from evenfall.changes.queries.deploys import DeployRow, first_deploy_at, production_deploys
from evenfall.changes.queries.ledger import (
    Before,
    Filters,
    Moment,
    change,
    changes,
    changes_before,
    changes_between,
    changes_page,
    last_changes,
    last_deploys,
    recent_changes,
)
from evenfall.changes.queries.sources import (
    RefusedView,
    SourceView,
    check_managed,
    has_sources,
    refused_reports,
    source,
    sources_page,
)
from evenfall.changes.queries.traces import Trace, traces_before
from evenfall.changes.queries.views import ChangeView, change_views

__all__ = [
    "Before",
    "ChangeView",
    "DayCount",
    "DeployRow",
    "Filters",
    "Moment",
    "RefusedView",
    "SourceView",
    "Trace",
    "change",
    "change_views",
    "changes",
    "changes_before",
    "changes_between",
    "changes_page",
    "check_managed",
    "daily_counts",
    "first_deploy_at",
    "has_sources",
    "last_changes",
    "last_deploys",
    "production_deploys",
    "recent_changes",
    "refused_reports",
    "source",
    "sources_page",
    "traces_before",
]
