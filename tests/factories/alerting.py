"""Alerts and what belongs to them, for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime

from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.updates import Severity

NIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday


def candidate(
    *,
    dedup_key: str = "disk/db-1",
    severity: Severity = Severity.ERROR,
    labels: Mapping[str, str] | None = None,
    at: datetime = NIGHT,
    summary: str = "Disk is full",
) -> Candidate:
    """Build an alert as it enters the stages."""
    return Candidate(
        integration_id=1,
        dedup_key=dedup_key,
        at=at,
        summary=summary,
        severity=severity,
        told_severity=severity,
        labels=labels or {},
    )
