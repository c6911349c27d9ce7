"""Datadog's webhook, `POST /in/{key}/datadog`.

What it sends is a template that people may change. Ours has the variables under their own names in
small letters; without it there is only a title such as "[Triggered on {host:db-1}] Disk is full".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Image, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of, without_holes

_TITLE = re.compile(
    r"(?:\[(?P<priority>P\d)\] ?)?"
    r"\[(?P<transition>[A-Z][A-Za-z -]{1,30}?)(?: on \{(?P<scope>[^}]{0,500})\})?\] ?(?P<rest>.*)",
    re.DOTALL,
)
_OVER = frozenset({"recovered", "success", "ok"})
_WARNING = frozenset({"warn", "re-warn", "warning"})
_DETAILS = ("alert_metric", "alert_query", "alert_status", "event_type", "org_name", "org")


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = without_holes(fields_of(body), "$")
    found = _TITLE.fullmatch(wire.text(_title(sent), 2000))
    told = found.groupdict("") if found else {}
    transition = (wire.text(sent.get("alert_transition"), 40) or told.get("transition", "")).lower()
    scope = wire.text(sent.get("alert_scope"), 2000) or told.get("scope", "")
    is_over = (transition or wire.text(sent.get("alert_type"), 40).lower()) in _OVER
    name = wire.text(sent.get("alert_title")) or told.get("rest", "") or wire.text(_title(sent))
    labels = dict(_pairs(wire.text(sent.get("tags"), 4000))) | dict(_pairs(scope))
    at = wire.lenient_moment(_number(sent.get("date") or sent.get("date_posix")))
    update = AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=_key(sent, name, scope),
        summary=name[:1024] or "Alert of Datadog without a title",
        severity=_severity(sent, transition, told.get("priority", "")),
        source=wire.text(sent.get("hostname") or labels.get("host"), 255),
        labels=labels,
        details=_details(sent),
        starts_at=None if is_over else at,
        ends_at=(at or received_at) if is_over else None,
        url=wire.text(sent.get("link"), 2000),
        images=_images(sent),
        client="Datadog",
        environment=wire.environment(labels),
    )
    return [update]


WEBHOOK = Webhook(name="datadog.webhook", read=_read)


def _title(sent: Mapping[str, Any]) -> object:
    return sent.get("event_title") or sent.get("title")


def _key(sent: Mapping[str, Any], name: str, scope: str) -> str:
    """Return the cycle, which lasts from trigger to recovery, else what names monitor and group."""
    cycle = wire.text(sent.get("alert_cycle_key"), wire.KEY_LENGTH).strip()
    monitor = wire.text(sent.get("alert_id")) or name
    return cycle or wire.derived_key(monitor, scope)


def _severity(sent: Mapping[str, Any], transition: str, priority: str) -> Severity | None:
    if transition in _WARNING:
        return Severity.WARNING
    return wire.severity(sent.get("alert_priority"), priority, sent.get("alert_type"))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for tag in text.split(",")[:200]:
        name, colon, value = tag.strip().partition(":")
        if colon and name and value:
            yield name, value


def _details(sent: Mapping[str, Any]) -> dict[str, Any]:
    message = wire.first(sent, ("text_only_msg", "event_msg", "body"))
    kept = {name: sent[name] for name in _DETAILS if name in sent}
    return wire.details(kept | ({"message": message} if message else {}))


def _images(sent: Mapping[str, Any]) -> tuple[Image, ...]:
    source = wire.text(sent.get("snapshot"), 2000)
    return (Image(src=source),) if source.startswith("https://") else ()


def _number(value: object) -> object:
    """Datadog writes its milliseconds as a text."""
    return (
        int(value[:20]) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    )
