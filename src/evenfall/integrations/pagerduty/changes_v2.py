"""PagerDuty change events: `POST /v2/change/enqueue`. They never page."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import (
    AlertUpdate,
    UpdateAction,
    wire,
)
from evenfall.integrations.pagerduty import event
from evenfall.integrations.pagerduty.event_format import EventFormat


def _problems(sent: Mapping[str, Any]) -> tuple[str, ...]:
    if wire.text(wire.fields(sent.get("payload")).get("summary")).strip():
        return ()
    return ("'payload.summary' is required.",)


def _update(sent: Mapping[str, Any], key: str) -> AlertUpdate:
    payload = wire.fields(sent.get("payload"))
    details = wire.details(payload.get("custom_details"))
    return AlertUpdate(
        action=UpdateAction.CHANGE,
        dedup_key=key,
        summary=wire.text(payload["summary"], event.SUMMARY_LENGTH),
        source=wire.text(payload.get("source"), 255),
        details=details,
        starts_at=wire.lenient_moment(payload.get("timestamp")),
        links=event.links(sent.get("links")),
        images=event.images(sent.get("images")),
        environment=wire.environment(details),
    )


CHANGES_V2 = EventFormat(
    name="pagerduty.change",
    key_field="routing_key",
    dedup_field=None,
    status=202,
    message="Change event processed",
    problems=_problems,
    update=_update,
)
