"""Uptime Kuma's webhook, `POST /in/{key}/uptime-kuma`: one heartbeat of one monitor.

The button *Test* and the warnings of certificates that end soon have a text and no heartbeat.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of

_DOWN, _UP = 0, 1  # 2 is pending and 3 is maintenance: nothing happened


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = fields_of(body)
    if isinstance(sent.get("heartbeat"), dict):
        return _beat(sent["heartbeat"], wire.fields(sent.get("monitor")), received_at)
    message = wire.text(sent.get("msg"), 1024).strip()
    if not message:
        raise wire.Unreadable("The body must have a 'heartbeat' or a 'msg'.")
    return [_said(message)]


WEBHOOK = Webhook(name="uptime_kuma.webhook", read=_read)


def _said(message: str) -> AlertUpdate:
    """Read what has no monitor: a test wakes nobody."""
    return AlertUpdate(
        action=UpdateAction.TRIGGER,
        dedup_key=wire.derived_key(message),
        summary=message,
        severity=Severity.INFO if message.endswith("Testing") else Severity.WARNING,
        client="Uptime Kuma",
    )


def _beat(
    beat: Mapping[str, Any], monitor: Mapping[str, Any], received_at: datetime
) -> Sequence[AlertUpdate]:
    status = beat.get("status")
    if status not in (_DOWN, _UP) or isinstance(status, bool):
        return ()
    is_over = status == _UP
    labels = _labels(monitor)
    at = wire.lenient_moment(beat.get("time"))
    reason = wire.text(beat.get("msg"), 2000)
    update = AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=_key(beat, monitor),
        summary=_summary(monitor, is_over=is_over, reason=reason),
        severity=wire.severity(labels.get("severity"), labels.get("priority")),
        source=wire.text(monitor.get("hostname") or monitor.get("url"), 255),
        labels=labels,
        details=_details(beat, monitor),
        starts_at=None if is_over else at,
        ends_at=(at or received_at) if is_over else None,
        url=wire.text(monitor.get("url"), 2000),
        client="Uptime Kuma",
        environment=wire.environment(labels),
    )
    return [update]


def _key(beat: Mapping[str, Any], monitor: Mapping[str, Any]) -> str:
    number = wire.first(monitor, ("id",)) or wire.first(beat, ("monitorID", "monitor_id"))
    given = wire.text(number, wire.KEY_LENGTH).strip()
    return f"monitor {given}"[: wire.KEY_LENGTH] if given else wire.derived_key(monitor.get("name"))


def _summary(monitor: Mapping[str, Any], *, is_over: bool, reason: str) -> str:
    name = wire.text(monitor.get("name"), 500) or "A monitor of Uptime Kuma"
    state = "is up" if is_over else "is down"
    return f"{name} {state}: {reason}"[:1024] if reason else f"{name} {state}"


def _labels(monitor: Mapping[str, Any]) -> dict[str, str]:
    """Make labels of the tags; one without a value is not said of anything."""
    tags = map(wire.fields, wire.items(monitor.get("tags"))[:100])
    named = {wire.text(tag.get("name"), 255): wire.text(tag.get("value"), 255) for tag in tags}
    labels = {name: value for name, value in named.items() if name and value}
    return {"monitor": wire.text(monitor.get("name"), 255)} | labels


def _details(beat: Mapping[str, Any], monitor: Mapping[str, Any]) -> dict[str, Any]:
    told = {"ping": beat.get("ping"), "type": monitor.get("type"), "message": beat.get("msg")}
    told |= {"description": monitor.get("description")}
    return wire.details({name: value for name, value in told.items() if value is not None})
