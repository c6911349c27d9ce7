"""Planned work and experiments as causes that error budgets are charged to."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from evenfall.alerting import queries as alerting_queries
from evenfall.changes import queries as changes_queries
from evenfall.changes.ports import ChangeKind
from evenfall.slo.logic.charges import Interval
from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.windows import Bounds

EXPERIMENT_LASTS: Final = timedelta(hours=1)
"""So long an experiment is taken to last of which nobody said when it was over."""
_MOST: Final = 500


def experiment_causes(service_ids: Collection[int], over: Bounds) -> dict[int, list[Interval]]:
    """The experiments of these services in the ledger of changes, by service; one query."""
    found: dict[int, list[Interval]] = {number: [] for number in service_ids}
    changes = changes_queries.changes_between(
        service_ids, since=over.since, until=over.until, limit=_MOST
    )
    for change in changes:
        ends, usual = change.finished_at, change.at + EXPERIMENT_LASTS
        if change.kind is ChangeKind.EXPERIMENT and change.service_id is not None:
            found[change.service_id].append(
                Interval(
                    kind=Cause.EXPERIMENT,
                    reference=f"change:{change.id}",
                    since=change.at,
                    until=ends if ends is not None and ends > change.at else usual,
                    title=change.summary,
                )
            )
    return found


def maintenance_causes(service_ids: Collection[int], over: Bounds) -> dict[int, list[Interval]]:
    """The maintenance windows of these services in a time, by service; one query."""
    found: dict[int, list[Interval]] = {number: [] for number in service_ids}
    for window in alerting_queries.maintenance_between(over.since, over.until):
        cause = Interval(
            kind=Cause.MAINTENANCE,
            reference=f"maintenance:{window.id}",
            since=window.starts_at,
            until=window.ends_at,
            title=window.name,
            url="/maintenance/",
        )
        for number in window.service_ids or found:
            if number in found:
                found[number].append(cause)
    return found
