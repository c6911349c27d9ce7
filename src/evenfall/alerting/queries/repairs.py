"""Automatic repairs: how each stands, what the site allows, what a run for an alert is about."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.alerting.logic.repairs import MOST_AT_ONCE, UNDER_WAY
from evenfall.alerting.models import Alert, Repair, RepairLimits
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform import pages
from evenfall.runbooks.ports import About

_MOST_VALUE = 500


class RepairView(Struct, frozen=True, kw_only=True):
    """One repair. `state` is planned, running, watching, healed, gave_up or not_needed.

    `due_at` is when it goes on by itself: a repair that is under way and told of nothing until then
    gives up, and people are called. Times are UTC.
    """

    id: int
    alert_id: int
    title: str
    runbook_id: int | None
    runbook: str
    rule_name: str
    run_id: int | None
    state: str
    why: str
    clear_within: timedelta
    planned_at: datetime
    started_at: datetime | None
    ran_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None


class RepairLimitsView(Struct, frozen=True, kw_only=True):
    """What the site allows, and how many runs are under way."""

    is_on: bool
    most_at_once: int
    under_way: int


def repairs_page(*, cursor: str | None = None, size: int = 50) -> pages.Page[RepairView]:
    """One page of repairs, newest first."""
    page = pages.keyset(Repair.objects.all(), order=("-id",), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def repair_of(alert_id: int) -> RepairView | None:
    """The repair of an alert, if there was or is one."""
    found = _views(Repair.objects.filter(alert_id=alert_id))
    return found[0] if found else None


def repair_limits() -> RepairLimitsView:
    """What all repairs keep to."""
    row = RepairLimits.objects.first()
    runs = Repair.objects.filter(state__in=UNDER_WAY).values("run_id").distinct()
    return RepairLimitsView(
        is_on=row is None or row.is_on,
        most_at_once=MOST_AT_ONCE if row is None else row.most_at_once,
        under_way=runs.count(),
    )


def _views(rows: Iterable[Repair]) -> list[RepairView]:
    rows = list(rows)
    alerts = Alert.objects.filter(id__in=[row.alert_id for row in rows])
    titles = dict(alerts.values_list("id", "summary")) if rows else {}
    return [
        RepairView(
            id=row.id,
            alert_id=row.alert_id,
            title=titles.get(row.alert_id, "An alert that is deleted by now"),
            runbook_id=row.runbook_id,
            runbook=row.runbook,
            rule_name=row.rule_name,
            run_id=row.run_id,
            state=row.state,
            why=row.why,
            clear_within=timedelta(seconds=row.clear_within_s),
            planned_at=row.planned_at,
            started_at=row.started_at,
            ran_at=row.ran_at,
            ended_at=row.ended_at,
            due_at=row.due_at,
        )
        for row in rows
    ]


def about_alerts(numbers: Collection[int], viewer: Viewer | None, /) -> Mapping[int, About]:
    """What alerts are, for runs of runbooks; labels fill parameters of the same name."""
    if viewer is not None and not viewer.can_somewhere(Permission.VIEW):
        return {}
    rows = Alert.objects.filter(id__in=list(numbers))
    return {row.id: _about(row) for row in rows}


def _about(row: Alert) -> About:
    labels = {name.lower(): str(value)[:_MOST_VALUE] for name, value in row.labels.items()}
    return About(
        title=row.summary,
        url=f"/alerts/{row.id}/",
        environment=row.environment.lower(),
        service_id=row.service_id,
        values={"source": row.source[:_MOST_VALUE], "severity": row.severity, **labels},
    )
