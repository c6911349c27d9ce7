"""Decides again about live alerts, because a silence, a window or the rules changed.

What is still open when a silence ends is decided like any new alert, and grouped: ten alerts of a
service become one incident, and what may wait does not wake anybody.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from msgspec import Struct

from evenfall.alerting import events
from evenfall.alerting.actions import alert_rows, telling
from evenfall.alerting.actions.planning_repairs import failed_repairs, plan_repairs
from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.dedup import DEFAULT_SEVERITY
from evenfall.alerting.logic.updates import Outcome, Severity
from evenfall.alerting.models import Alert
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.alerting.queries.context import context as load_context
from evenfall.alerting.queries.context import prepare
from evenfall.platform.events import Event, publish

_CALLS: Final = (Outcome.PAGE, Outcome.LOW)


def redecide(*, alert_ids: Collection[int], why: str, now: datetime, actor: str = "system") -> int:
    """Take live alerts through the stages again; return how many got another decision."""
    with transaction.atomic():
        rows = Alert.objects.filter(IS_LIVE, id__in=alert_ids)
        alerts = list(rows.order_by("id").select_for_update())
        if not alerts:
            return 0
        return redecide_batch(batch_of(alerts, now=now), why=why, now=now, actor=actor)


class Batch(Struct, frozen=True):
    """Live alerts, locked by ascending id; as candidates; and what the stages may look at."""

    alerts: Sequence[Alert]
    candidates: Sequence[Candidate]
    known: Context


def batch_of(alerts: Sequence[Alert], *, now: datetime) -> Batch:
    """Alerts that were read as a whole, with what it takes to decide about them again."""
    failed = failed_repairs(alert.id for alert in alerts)
    candidates = [_candidate(alert, failed.get(alert.id, ""), now) for alert in alerts]
    return Batch(alerts, candidates, load_context(candidates, now=now))


def redecide_batch(batch: Batch, *, why: str, now: datetime, actor: str) -> int:
    """As `redecide`."""
    version = batch.known.rules.version
    decided = pipeline.run(batch.candidates, batch.known, prepare)
    pairs = zip(batch.alerts, decided, strict=True)
    other = [(alert, one) for alert, one in pairs if pipeline.differs(alert, one)]
    alert_rows.decide([(alert.id, one) for alert, one in other], rules_version=version)
    alert_rows.remember_groups(c.group for _, c in other if c.group)
    plan_repairs(((a.id, c) for a, c in other), now=now)
    publish(*_facts(other, why=why, now=now, actor=actor))
    return len(other)


def _candidate(alert: Alert, repair_failed: str, now: datetime) -> Candidate:
    told = Severity(alert.told_severity) if alert.told_severity else None
    return Candidate(
        alert_id=alert.id,
        integration_id=alert.integration_id,
        dedup_key=alert.dedup_key,
        at=now,
        summary=alert.summary,
        severity=told or DEFAULT_SEVERITY,
        told_severity=told,
        source=alert.source,
        labels=alert.labels,
        annotations=alert.annotations,
        details=alert.details,
        told_environment=alert.told_environment or None,
        unparsed=alert.unparsed,
        repair_failed=repair_failed,
        opened_at=alert.opened_at,
        called=alert.outcome in _CALLS and not alert.held_by,
        is_split=alert.is_split,
    )


def _facts(
    other: Sequence[tuple[Alert, Candidate]], *, why: str, now: datetime, actor: str
) -> list[Event]:
    facts: list[Event] = []
    for alert, candidate in sorted(other, key=lambda one: bool(one[1].cause_id)):
        told = _told(alert, candidate, why, now, actor)
        suppressed = candidate.held_by and not alert.held_by
        facts.append(events.AlertSuppressed(**told) if suppressed else events.AlertUpdated(**told))
    return facts


def _told(
    alert: Alert, candidate: Candidate, why: str, now: datetime, actor: str
) -> dict[str, Any]:
    return {
        "at": now,
        "actor": actor,
        "alert_id": alert.id,
        "why": why,
        "before": {
            "outcome": alert.outcome,
            "urgency": alert.urgency,
            "severity": alert.severity,
            "held_by": alert.held_by,
            "group_key": alert.group_key,
        },
        **telling.said(alert.annotations, alert.details, url=alert.extra.get("url", "")),
        **telling.decided(candidate, starts_at=alert.starts_at),
    }
