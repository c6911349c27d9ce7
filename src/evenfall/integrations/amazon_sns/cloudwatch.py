"""A CloudWatch alarm as it changes its state, of one metric or composite."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire

_STATES = frozenset({"OK", "ALARM", "INSUFFICIENT_DATA"})
_DETAILS = (
    *("AlarmDescription", "OldStateValue", "NewStateReason", "AlarmRule", "Trigger"),
    *("TriggeringChildren", "AlarmConfigurationUpdatedTimestamp"),
)


def knows(message: Mapping[str, Any]) -> bool:
    state = message.get("NewStateValue")
    return isinstance(state, str) and state in _STATES and bool(message.get("AlarmName"))


def update(message: Mapping[str, Any], received_at: datetime) -> AlertUpdate:
    """Read an alarm that this module knows.

    Without data nobody can tell whether it is fine, so that ends nothing; alone it is a warning.
    """
    state = message["NewStateValue"]
    at = wire.lenient_moment(message.get("StateChangeTime"))
    dimensions = _dimensions(message)
    arn = wire.text(message.get("AlarmArn"), 1000)
    return alarm(
        name=wire.text(message["AlarmName"], 255),
        arn=arn,
        state=state,
        reason=wire.text(message.get("NewStateReason"), 600),
        at=at or received_at,
        labels=_labels(message, arn) | dimensions,
        source=next(iter(dimensions.values()), ""),
        details={name: message[name] for name in _DETAILS if message.get(name)},
    )


def alarm(
    *,
    name: str,
    arn: str,
    state: str,
    reason: str,
    at: datetime,
    labels: Mapping[str, str],
    source: str,
    details: Mapping[str, Any],
) -> AlertUpdate:
    is_over = state == "OK"
    region = region_of(arn)
    return AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=_key(arn, name, labels),
        summary=f"{name} is {state}: {reason}".removesuffix(": ")[:1024],
        severity=Severity.WARNING if state == "INSUFFICIENT_DATA" else None,
        source=source or name,
        labels=labels,
        details=wire.details(details),
        starts_at=None if is_over else at,
        ends_at=at if is_over else None,
        url=_url(region, name),
        client="Amazon CloudWatch",
        environment=wire.environment(labels),
    )


def region_of(arn: str) -> str:
    """Return the region that an ARN names, as in eu-central-1."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - arn:aws:service:region:…


def _key(arn: str, name: str, labels: Mapping[str, str]) -> str:
    if arn:
        return arn if len(arn) <= wire.KEY_LENGTH else wire.derived_key(arn)
    return wire.derived_key(labels.get("account"), labels.get("region"), name)


def _labels(message: Mapping[str, Any], arn: str) -> dict[str, str]:
    trigger = wire.fields(message.get("Trigger"))
    told = {
        "alarm": message.get("AlarmName"),
        "account": message.get("AWSAccountId"),
        "region": region_of(arn) or message.get("Region"),
        "namespace": trigger.get("Namespace"),
        "metric": trigger.get("MetricName"),
    }
    return {name: wire.text(value, 255) for name, value in told.items() if value}


def _dimensions(message: Mapping[str, Any]) -> dict[str, str]:
    """Return the dimensions of the metric; their names come in small and in large letters."""
    given = wire.items(wire.fields(message.get("Trigger")).get("Dimensions"))[:50]
    pairs = [
        (wire.text(wire.first(one, ("name", "Name")), 255), wire.first(one, ("value", "Value")))
        for one in map(wire.fields, given)
    ]
    return {name: wire.text(value, 255) for name, value in pairs if name and value}


def _url(region: str, name: str) -> str:
    if not region:
        return ""
    place = f"https://{quote(region, safe='')}.console.aws.amazon.com/cloudwatch/home"
    return f"{place}?region={quote(region, safe='')}#alarmsV2:alarm/{quote(name, safe='')}"
