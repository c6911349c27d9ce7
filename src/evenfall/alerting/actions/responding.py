"""What people do with alerts: acknowledge and resolve."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from evenfall.alerting.errors import AlertIsOver, AlertNotFound
from evenfall.alerting.events import AlertAcknowledged, AlertResolved
from evenfall.alerting.logic.states import AlertState, moves_into
from evenfall.alerting.models import Alert
from evenfall.alerting.models.signal_queue import announce_closed
from evenfall.platform.events import publish

_NEEDED = ("id", "integration_id", "dedup_key", "service_id", "group_key", "summary")


def acknowledge_alert(*, alert_id: int, now: datetime, actor: str) -> None:
    """Take note of an alert. Again is fine; raises AlertNotFound, AlertIsOver."""
    with transaction.atomic():
        alert = _locked(alert_id)
        if alert.state == AlertState.ACKNOWLEDGED:
            return
        acknowledge_alerts(alert_ids=[alert_id], now=now, actor=actor)


def resolve_alert(*, alert_id: int, now: datetime, actor: str, reason: str = "") -> None:
    """Say that it is over; raises AlertNotFound, AlertIsOver."""
    with transaction.atomic():
        _locked(alert_id)
        resolve_alerts(alert_ids=[alert_id], now=now, actor=actor, reason=reason)


def acknowledge_alerts(*, alert_ids: Collection[int], now: datetime, actor: str) -> int:
    """Acknowledge those that are open; return how many. Set-based; races are settled by locks."""
    with transaction.atomic():
        alerts = _in(alert_ids, moves_into(AlertState.ACKNOWLEDGED))
        Alert.objects.filter(id__in=[alert.id for alert in alerts]).update(
            state=AlertState.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=actor
        )
        publish(
            *(
                AlertAcknowledged(
                    at=now,
                    actor=actor,
                    alert_id=alert.id,
                    integration_id=alert.integration_id,
                    service_id=alert.service_id,
                    group_key=alert.group_key,
                )
                for alert in alerts
            )
        )
    return len(alerts)


def resolve_alerts(
    *, alert_ids: Collection[int], now: datetime, actor: str, reason: str = ""
) -> int:
    """Resolve those that are live; return how many. Set-based; races are settled by locks."""
    reason = reason or "Somebody said that it is over."
    with transaction.atomic():
        alerts = _in(alert_ids, moves_into(AlertState.RESOLVED))
        Alert.objects.filter(id__in=[alert.id for alert in alerts]).update(
            state=AlertState.RESOLVED, resolved_at=now, resolved_by=actor, resolve_reason=reason
        )
        publish(*(_over(alert, now=now, actor=actor, reason=reason) for alert in alerts))
        announce_closed((alert.integration_id, alert.dedup_key) for alert in alerts)
    return len(alerts)


def _over(alert: Alert, *, now: datetime, actor: str, reason: str) -> AlertResolved:
    return AlertResolved(
        at=now,
        actor=actor,
        alert_id=alert.id,
        integration_id=alert.integration_id,
        service_id=alert.service_id,
        group_key=alert.group_key,
        title=alert.summary,
        reason=reason,
    )


def _in(alert_ids: Collection[int], states: Collection[AlertState]) -> list[Alert]:
    rows = Alert.objects.filter(id__in=alert_ids, state__in=states).order_by("id")
    return list(rows.select_for_update().only(*_NEEDED))


def _locked(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update().only("state").filter(id=alert_id).first()
    if alert is None:
        raise AlertNotFound(alert_id=alert_id)
    if alert.state == AlertState.RESOLVED:
        raise AlertIsOver(alert_id=alert_id)
    return alert
