"""Zabbix, `POST /in/{key}/zabbix`: the parameters of the media type, as our script sends them.

An event keeps its id from problem to recovery, so that is what names the alert.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of, without_holes

_SEVERITIES = {
    "5": Severity.CRITICAL,
    "4": Severity.ERROR,
    "3": Severity.WARNING,
    "2": Severity.WARNING,
    "1": Severity.INFO,
}
_OVER = frozenset({"0", "resolved", "ok", "recovery"})


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = without_holes(fields_of(body), "{")
    name = wire.text(wire.first(sent, ("event_name", "subject", "trigger_name")), 1024).strip()
    key = _key(sent)
    if not (name or key):
        raise wire.Unreadable("'event_id' or 'event_name' is required: is the media type ours?")
    action = _action(sent)
    labels = _labels(sent)
    update = AlertUpdate(
        action=action,
        dedup_key=key or wire.derived_key(sent.get("host"), name),
        summary=name or "Problem of Zabbix without a name",
        severity=_severity(sent),
        source=wire.text(sent.get("host"), 255),
        labels=labels,
        details=_details(sent),
        ends_at=received_at if action is UpdateAction.RESOLVE else None,
        url=_url(sent),
        client="Zabbix",
        client_url=wire.text(sent.get("zabbix_url"), 2000),
        environment=wire.environment(labels),
    )
    return [update]


WEBHOOK = Webhook(name="zabbix.webhook", read=_read)


def _word(sent: Mapping[str, Any], name: str) -> str:
    return wire.text(sent.get(name), 200).strip().lower()


def _key(sent: Mapping[str, Any]) -> str:
    event = wire.text(sent.get("event_id"), 100).strip()
    return f"event {event}" if event else ""


def _action(sent: Mapping[str, Any]) -> UpdateAction:
    if (_word(sent, "event_value") or _word(sent, "event_status")) in _OVER:
        return UpdateAction.RESOLVE
    # "acknowledged" and "unacknowledged" are actions of an update, in a list of words
    done = {word.strip() for word in _word(sent, "event_update_action").split(",")}
    return UpdateAction.ACKNOWLEDGE if "acknowledged" in done else UpdateAction.TRIGGER


def _severity(sent: Mapping[str, Any]) -> Severity | None:
    number = _word(sent, "event_nseverity")
    return _SEVERITIES.get(number) or wire.severity(sent.get("event_severity"))


def _labels(sent: Mapping[str, Any]) -> dict[str, str]:
    """Make labels of the tags, which come as a JSON text; the host is one too."""
    tags = sent.get("event_tags")
    if isinstance(tags, str):
        try:
            tags = wire.load(tags.encode(errors="replace"))
        except wire.Unreadable:
            tags = []
    pairs = map(wire.fields, wire.items(tags)[:200])
    named = {wire.text(pair.get("tag"), 255): wire.text(pair.get("value"), 255) for pair in pairs}
    labels = {name: value for name, value in named.items() if name and value}
    host = wire.text(sent.get("host"), 255)
    return ({"host": host} if host else {}) | labels


def _details(sent: Mapping[str, Any]) -> dict[str, Any]:
    names = ("opdata", "message", "host_ip", "host_groups", "trigger_id", "trigger_description")
    told = {name: sent[name] for name in (*names, "event_update_message") if name in sent}
    return wire.details(told)


def _url(sent: Mapping[str, Any]) -> str:
    base = wire.text(sent.get("zabbix_url"), 1000).rstrip("/")
    event, trigger = wire.text(sent.get("event_id"), 40), wire.text(sent.get("trigger_id"), 40)
    if not (base.startswith(("https://", "http://")) and event.isdigit() and trigger.isdigit()):
        return ""
    return f"{base}/tr_events.php?triggerid={trigger}&eventid={event}"
