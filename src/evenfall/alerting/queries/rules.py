"""Routing rules as they stand, and what one would have done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenfall.alerting.errors import RuleNotFound
from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.expressions import Condition
from evenfall.alerting.logic.rules import CATCH_ALL_NAME
from evenfall.alerting.logic.updates import Severity
from evenfall.alerting.models import Alert, Integration, RoutingRule
from evenfall.catalog import queries as catalog_queries
from evenfall.paging import queries as paging_queries
from evenfall.runbooks import queries as runbooks_queries

_LOOKED_AT = 1000
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
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
    group_by: tuple[str, ...] | None = None
    group_window: timedelta | None = None
    is_catch_all: bool = False
    is_enabled: bool = True
    changed_at: datetime | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class RulePreview:
    """How many of the newest `looked_at` alerts the condition holds for, and some of them."""

    looked_at: int
    matched: int
    examples: tuple[tuple[int, str], ...]


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
        group_by=None if row.group_by is None else tuple(row.group_by),
        group_window=None if window is None else timedelta(seconds=window),
        is_catch_all=row.is_catch_all,
        is_enabled=row.is_enabled,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )


def preview_condition(condition: Condition) -> RulePreview:
    """Try a condition on the newest alerts, as they were when they came."""
    columns = (
        "id", "summary", "source", "labels", "annotations", "details", "severity", "environment",
        "service__slug", "integration_id", "opened_at",
    )  # fmt: skip
    rows = list(Alert.objects.order_by("-id").values(*columns)[:_LOOKED_AT])
    names = dict(Integration.objects.values_list("id", "name"))
    matched = [(row["id"], row["summary"]) for row in rows if condition.holds(_facts(row, names))]
    return RulePreview(len(rows), len(matched), tuple(matched[:_SHOWN]))


def _facts(row: Mapping[str, object], names: Mapping[int, str]) -> Candidate:
    number, labels, details = row["integration_id"], row["labels"], row["details"]
    annotations, opened_at = row["annotations"], row["opened_at"]
    assert isinstance(number, int)  # noqa: S101 - the column's type
    assert isinstance(opened_at, datetime)  # noqa: S101 - the column's type
    return Candidate(
        integration_id=number,
        integration=names.get(number, ""),
        dedup_key="",
        at=opened_at,
        summary=str(row["summary"]),
        severity=Severity(str(row["severity"])),
        told_severity=None,
        source=str(row["source"]),
        labels=labels if isinstance(labels, dict) else {},
        annotations=annotations if isinstance(annotations, dict) else {},
        details=details if isinstance(details, dict) else {},
        environment=str(row["environment"]),
        service=str(row["service__slug"] or ""),
    )
