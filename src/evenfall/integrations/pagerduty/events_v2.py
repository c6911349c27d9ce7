"""PagerDuty Events API v2: `POST /v2/enqueue`."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import (
    AlertUpdate,
    Severity,
    UpdateAction,
    wire,
)
from evenfall.integrations.pagerduty import event
from evenfall.integrations.pagerduty.event_format import EventFormat


def _problems(sent: Mapping[str, Any]) -> tuple[str, ...]:
    problems = event.action_problems(sent, action="event_action", key="dedup_key")
    if sent.get("event_action") == "trigger":
        payload = sent.get("payload")
        if not isinstance(payload, dict):
            problems.append("'payload' is required to trigger.")
        else:
            problems += _payload_problems(payload)
    return tuple(problems)


def _payload_problems(payload: Mapping[str, Any]) -> list[str]:
    problems = [
        f"'payload.{name}' is required to trigger."
        for name in ("summary", "source")
        if not wire.text(payload.get(name)).strip()
    ]
    if payload.get("severity") not in tuple(Severity):
        problems.append("'payload.severity' must be critical, error, warning or info.")
    return problems


def _update(sent: Mapping[str, Any], dedup_key: str) -> AlertUpdate:
    payload = wire.fields(sent.get("payload"))
    action = event.ACTIONS[sent["event_action"]]
    details = wire.details(payload.get("custom_details"))
    at = wire.lenient_moment(payload.get("timestamp"))
    return AlertUpdate(
        action=action,
        dedup_key=dedup_key,
        summary=wire.text(payload.get("summary"), event.SUMMARY_LENGTH),
        severity=wire.severity(payload.get("severity")),
        source=wire.text(payload.get("source"), 255),
        details=details,
        starts_at=at if action is UpdateAction.TRIGGER else None,
        ends_at=at if action is UpdateAction.RESOLVE else None,
        url=wire.text(sent.get("client_url"), 2000),
        links=event.links(sent.get("links")),
        images=event.images(sent.get("images")),
        client=wire.text(sent.get("client"), 255),
        client_url=wire.text(sent.get("client_url"), 2000),
        environment=wire.environment(details),
        component=wire.text(payload.get("component"), 255),
        group=wire.text(payload.get("group"), 255),
        class_=wire.text(payload.get("class"), 255),
    )


EVENTS_V2 = EventFormat(
    name="pagerduty.v2",
    key_field="routing_key",
    dedup_field="dedup_key",
    status=202,
    message="Event processed",
    problems=_problems,
    update=_update,
)
