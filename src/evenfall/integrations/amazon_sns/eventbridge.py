"""An event of EventBridge: an alarm's change of state, or whatever a rule sends to the topic."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, UpdateAction, wire
from evenfall.integrations.amazon_sns import cloudwatch

_ALARM = "CloudWatch Alarm State Change"


def knows(message: Mapping[str, Any]) -> bool:
    return bool(message.get("detail-type")) and bool(message.get("source"))


def update(message: Mapping[str, Any], received_at: datetime) -> AlertUpdate:
    """Read an event that this module knows. Only alarms, and events of AWS Health, ever end."""
    detail = wire.fields(message.get("detail"))
    resources = [wire.text(one, 1000) for one in wire.items(message.get("resources"))[:50]]
    at = wire.lenient_moment(message.get("time")) or received_at
    labels = _labels(message)
    if message["detail-type"] == _ALARM and detail.get("alarmName"):
        return _alarm(detail, next(iter(resources), ""), labels, at)
    is_over = detail.get("statusCode") == "closed"
    kind = wire.text(message["detail-type"], 255)
    return AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=wire.derived_key(
            message["source"], kind, wire.text(detail.get("eventArn")), *resources
        ),
        summary=": ".join(filter(None, (kind, _subject(detail, resources))))[:1024],
        severity=wire.severity(detail.get("severity")),
        source=next(iter(resources), wire.text(message["source"]))[:255],
        labels=labels,
        details=wire.details(detail),
        starts_at=None if is_over else at,
        ends_at=at if is_over else None,
        client="Amazon EventBridge",
    )


def _alarm(
    detail: Mapping[str, Any], arn: str, labels: Mapping[str, str], at: datetime
) -> AlertUpdate:
    state = wire.fields(detail.get("state"))
    name = wire.text(detail["alarmName"], 255)
    return cloudwatch.alarm(
        name=name,
        arn=arn,
        state=wire.text(state.get("value"), 40) or "ALARM",
        reason=wire.text(state.get("reason"), 600),
        at=wire.lenient_moment(state.get("timestamp")) or at,
        labels={**labels, "alarm": name},
        source="",
        details=detail,
    )


def _subject(detail: Mapping[str, Any], resources: list[str]) -> str:
    said = wire.first(detail, ("title", "summary", "message", "state", "eventTypeCode"))
    return said if isinstance(said, str) else next(iter(resources), "")


def _labels(message: Mapping[str, Any]) -> dict[str, str]:
    told = {name: wire.text(message.get(name), 255) for name in ("account", "region", "source")}
    told |= {"event": wire.text(message.get("detail-type"), 255)}
    return {name: value for name, value in told.items() if value}
