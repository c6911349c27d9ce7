"""PagerDuty Events API v1: `POST /generic/2010-04-15/create_event.json`.

Many scripts around Nagios and Zabbix still speak it.
"""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import (
    AlertUpdate,
    Image,
    Link,
    wire,
)
from evenfall.integrations.pagerduty import event
from evenfall.integrations.pagerduty.event_format import EventFormat


def _problems(sent: Mapping[str, Any]) -> tuple[str, ...]:
    problems = event.action_problems(sent, action="event_type", key="incident_key")
    described = wire.text(sent.get("description")).strip()
    if sent.get("event_type") == "trigger" and not described:
        problems.append("'description' is required to trigger.")
    return tuple(problems)


def _update(sent: Mapping[str, Any], dedup_key: str) -> AlertUpdate:
    details = wire.details(sent.get("details"))
    links, images = _contexts(sent.get("contexts"))
    return AlertUpdate(
        action=event.ACTIONS[sent["event_type"]],
        dedup_key=dedup_key,
        summary=wire.text(sent.get("description"), event.SUMMARY_LENGTH),
        severity=wire.severity(details.get("severity"), details.get("priority")),
        source=wire.text(wire.first(details, ("host", "hostname", "source", "instance")), 255),
        details=details,
        url=wire.text(sent.get("client_url"), 2000),
        links=links,
        images=images,
        client=wire.text(sent.get("client"), 255),
        client_url=wire.text(sent.get("client_url"), 2000),
        environment=wire.environment(details),
    )


def _contexts(value: object) -> tuple[tuple[Link, ...], tuple[Image, ...]]:
    """Sort the mixed list of v1 into links and images."""
    contexts = wire.items(value)
    linked = [part for part in contexts if wire.fields(part).get("type") == "link"]
    pictured = [part for part in contexts if wire.fields(part).get("type") == "image"]
    return event.links(linked), event.images(pictured)


EVENTS_V1 = EventFormat(
    name="pagerduty.v1",
    key_field="service_key",
    dedup_field="incident_key",
    status=200,
    message="Event processed",
    problems=_problems,
    update=_update,
)
