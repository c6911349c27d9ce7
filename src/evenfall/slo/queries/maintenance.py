"""Planned work as a cause that error budgets are charged to."""

from collections.abc import Collection

from evenfall.alerting import queries as alerting_queries
from evenfall.slo.logic.charges import Interval
from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.windows import Bounds


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
