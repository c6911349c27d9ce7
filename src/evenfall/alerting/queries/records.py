"""Alerts as reports keep them: what they were called, what decided, how they ended."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.models import Alert

_COLUMNS = (
    "id", "rule_id", "integration_id", "summary", "labels", "severity", "is_flapping",
    "opened_at", "resolved_at", "resolved_by", "environment", "service_id",
)  # fmt: skip
_PEOPLE = ("user:", "token:")
_LONGEST = 200
_DIGITS = len(str(2**63))
"""A number with as many may be more than a bigint."""


class AlertRecord(Struct, frozen=True, kw_only=True):
    """`name` is what its tool calls the kind of problem; `is_named` when a label says so, else it
    is the summary. `over_at` is when its source said that it is over; None when a human did.
    """

    id: int
    rule_id: int | None
    integration_id: int
    monitor_id: int | None
    name: str
    is_named: bool
    summary: str
    severity: str
    is_flapping: bool
    over_at: datetime | None


def alert_records(alert_ids: Collection[int]) -> dict[int, AlertRecord]:
    """These alerts, as far as they are still kept. One query."""
    rows = Alert.objects.filter(id__in=alert_ids).only(*_COLUMNS)
    return {row.pk: _record(row) for row in rows}


def _record(row: Alert) -> AlertRecord:
    name = str(row.labels.get("alertname", "")) if isinstance(row.labels, dict) else ""
    monitor = str(row.labels.get("monitor", "")) if isinstance(row.labels, dict) else ""
    by_source = row.resolved_at and not row.resolved_by.startswith(_PEOPLE)
    return AlertRecord(
        id=row.pk,
        rule_id=row.rule_id,
        integration_id=row.integration_id,
        monitor_id=int(monitor) if monitor.isdecimal() and len(monitor) < _DIGITS else None,
        name=(name or row.summary)[:_LONGEST],
        is_named=bool(name),
        summary=row.summary[:_LONGEST],
        severity=row.severity,
        is_flapping=row.is_flapping,
        over_at=row.resolved_at if by_source else None,
    )
