"""Routing rules as they stand, and what one would have done."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.alerting.errors import RuleNotFound
from evenfall.alerting.logic.rules import CATCH_ALL_NAME
from evenfall.alerting.models import RoutingRule
from evenfall.catalog import queries as catalog_queries
from evenfall.paging import queries as paging_queries
from evenfall.runbooks import queries as runbooks_queries


class RuleView(Struct, frozen=True, kw_only=True):
    """A rule in its place; empty or None effects leave the matter to the alert and the defaults.

    The id 0 is the catch-all as long as nobody changed it.
    """

    id: int
    position: int
    name: str
    condition: str
    outcome: str = ""
    urgency: str = ""
    severity: str = ""
    service_id: int | None = None
    service: str = ""
    policy_id: int | None = None
    policy: str = ""
    runbook_id: int | None = None
    runbook: str = ""
    clear_within: timedelta | None = None
    fallback: str = ""
    group_by: tuple[str, ...] | None = None
    group_window: timedelta | None = None
    wait: timedelta | None = None
    is_catch_all: bool = False
    is_enabled: bool = True
    changed_at: datetime | None = None
    changed_by: str = ""


def rules() -> list[RuleView]:
    """All rules in order; the catch-all is the last, always."""
    rows = list(RoutingRule.objects.order_by("is_catch_all", "position", "id"))
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    policies = paging_queries.policy_names() if any(row.policy_id for row in rows) else {}
    runbook_ids = {row.runbook_id for row in rows if row.runbook_id}
    runbooks = runbooks_queries.runnable_runbooks(runbook_ids) if runbook_ids else {}
    views = [
        _view(row, place, {n: s.name for n, s in services.items()}, policies, runbooks)
        for place, row in enumerate(rows, start=1)
    ]
    if not views or not views[-1].is_catch_all:
        views.append(
            RuleView(
                id=0,
                position=len(views) + 1,
                name=CATCH_ALL_NAME,
                condition="true",
                is_catch_all=True,
            )
        )
    return views


def rule(rule_id: int) -> RuleView:
    """Raise RuleNotFound when there is none."""
    for view in rules():
        if view.id == rule_id:
            return view
    raise RuleNotFound(rule_id=rule_id)


def _view(
    row: RoutingRule,
    place: int,
    services: Mapping[int, str],
    policies: Mapping[int, str],
    runbooks: Mapping[int, str],
) -> RuleView:
    window, within = row.group_window_s, row.clear_within_s
    return RuleView(
        id=row.id,
        position=place,
        name=row.name,
        condition=row.condition,
        outcome=row.outcome,
        urgency=row.urgency,
        severity=row.severity,
        service_id=row.service_id,
        service=services.get(row.service_id or 0, ""),
        policy_id=row.policy_id,
        policy=policies.get(row.policy_id or 0, ""),
        runbook_id=row.runbook_id,
        runbook=runbooks.get(row.runbook_id or 0, ""),
        clear_within=None if within is None else timedelta(seconds=within),
        fallback=row.fallback,
        group_by=None if row.group_by is None else tuple(row.group_by),
        group_window=None if window is None else timedelta(seconds=window),
        wait=None if row.wait_s is None else timedelta(seconds=row.wait_s),
        is_catch_all=row.is_catch_all,
        is_enabled=row.is_enabled,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
