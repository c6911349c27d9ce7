"""What people do with alerts: acknowledge and resolve."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, transaction

from evenfall.alerting.errors import AlertIsOver, AlertNotFound
from evenfall.alerting.events import AlertAcknowledged, AlertResolved
from evenfall.alerting.logic.states import AlertState, moves_into
from evenfall.alerting.models import Alert
from evenfall.alerting.models.signal_queue import announce_closed
from evenfall.platform.events import publish

# Locked by ascending id, then changed and read back: one round trip, and no objects of the ORM.
_MOVED: Final = """
WITH taken AS (
    SELECT id FROM alerting_alert
     WHERE id = ANY(%(ids)s::bigint[]) AND state = ANY(%(from)s::text[]) ORDER BY id FOR UPDATE
)
UPDATE alerting_alert alert SET state = %(state)s, {changes}
  FROM taken WHERE alert.id = taken.id
RETURNING alert.id, integration_id, dedup_key, service_id, group_key, summary
"""
_ACKNOWLEDGED: Final = _MOVED.format(changes="acknowledged_at = %(at)s, acknowledged_by = %(by)s")
_RESOLVED: Final = _MOVED.format(
    changes="resolved_at = %(at)s, resolved_by = %(by)s, resolve_reason = %(reason)s"
)


class _Alert(NamedTuple):
    """What is told of an alert that was moved."""

    id: int
    integration_id: int
    dedup_key: str
    service_id: int | None
    group_key: str
    summary: str


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


def acknowledge_alerts(*, alert_ids: Collection[int], now: datetime, actor: str) -> list[int]:
    """Acknowledge those that are open; return their ids, ascending.

    One statement for all; races are settled by locks.
    """
    with transaction.atomic():
        to = AlertState.ACKNOWLEDGED
        alerts = _moved(_ACKNOWLEDGED, alert_ids, to=to, at=now, by=actor)
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
    return [alert.id for alert in alerts]


def resolve_alerts(
    *, alert_ids: Collection[int], now: datetime, actor: str, reason: str = ""
) -> list[int]:
    """Resolve those that are live; return their ids, ascending. See `acknowledge_alerts`."""
    reason = reason or "Somebody said that it is over."
    with transaction.atomic():
        to = AlertState.RESOLVED
        alerts = _moved(_RESOLVED, alert_ids, to=to, at=now, by=actor, reason=reason)
        publish(*(_over(alert, now=now, actor=actor, reason=reason) for alert in alerts))
        announce_closed((alert.integration_id, alert.dedup_key) for alert in alerts)
    return [alert.id for alert in alerts]


def _over(alert: _Alert, *, now: datetime, actor: str, reason: str) -> AlertResolved:
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


def _moved(
    statement: str,
    alert_ids: Collection[int],
    *,
    to: AlertState,
    **changes: datetime | str,
) -> list[_Alert]:
    states = [state.value for state in moves_into(to)]
    given = {"ids": list(alert_ids), "from": states, "state": to.value, **changes}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return sorted(_Alert._make(row) for row in cursor.fetchall())


def _locked(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update().only("state").filter(id=alert_id).first()
    if alert is None:
        raise AlertNotFound(alert_id=alert_id)
    if alert.state == AlertState.RESOLVED:
        raise AlertIsOver(alert_id=alert_id)
    return alert
