"""Webhooks of Sentry's internal integrations, `POST /in/{key}/sentry`.

A header says what a message is about, another one carries its signature: an HMAC of the body with
the client secret. Without a secret at our side nothing is checked, the key in the path must do.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire
from evenfall.alerting.ports.heads import split
from evenfall.alerting.ports.webhooks import HeardWebhook, fields_of
from evenfall.integrations.sentry import issues

_RESOURCE, _SIGNATURE = "sentry-hook-resource", "sentry-hook-signature"
_METRIC = {
    "critical": (UpdateAction.TRIGGER, Severity.CRITICAL),
    "warning": (UpdateAction.TRIGGER, Severity.WARNING),
    "open": (UpdateAction.TRIGGER, None),
    "resolved": (UpdateAction.RESOLVE, None),
}


class SentryWebhook(HeardWebhook, frozen=True, kw_only=True):
    def certificate_url(self, body: bytes) -> str:
        del body
        return ""

    def problem(self, body: bytes, *, secret: str, certificate: str) -> str:
        del certificate
        if not secret:
            return ""
        head, sent = split(body)
        wanted = hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()
        if hmac.compare_digest(head.header(_SIGNATURE).encode(), wanted.encode()):
            return ""
        return "Its signature is wrong. Is the client secret here that of the sender in Sentry?"


def _read(stored: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    head, body = split(stored)
    sent = fields_of(body)
    resource = head.header(_RESOURCE).lower()
    data = wire.fields(sent.get("data"))
    if not resource and "project" in sent and not data:
        return [issues.of_plugin(sent)]
    action = wire.text(sent.get("action"), 40).lower()
    read = _READERS.get(resource or _guessed(data))
    return read(action, data, received_at) if read else ()


def _guessed(data: Mapping[str, Any]) -> str:
    """Return the resource of a message whose headers a proxy dropped."""
    found = {"metric_alert": "metric_alert", "event": "event_alert", "error": "error"}
    found["issue"] = "issue"
    return next((resource for name, resource in found.items() if name in data), "")


def _metric(action: str, data: Mapping[str, Any], received_at: datetime) -> Sequence[AlertUpdate]:
    if action not in _METRIC:
        return ()
    deed, severity = _METRIC[action]
    incident = wire.fields(data.get("metric_alert"))
    rule = wire.fields(incident.get("alert_rule"))
    number = wire.text(incident.get("id") or incident.get("identifier"), 100)
    title = wire.text(data.get("description_title"), 1024) or wire.text(incident.get("title"), 1024)
    update = AlertUpdate(
        action=deed,
        dedup_key=f"metric {number}" if number else wire.derived_key(rule.get("name")),
        summary=title or "Metric alert of Sentry",
        severity=severity,
        source=wire.text(rule.get("name"), 255),
        labels=_labels(rule),
        details=wire.details(
            {"description": data.get("description_text"), "aggregate": rule.get("aggregate")}
        ),
        starts_at=None
        if deed is UpdateAction.RESOLVE
        else wire.lenient_moment(incident.get("date_started")),
        ends_at=received_at if deed is UpdateAction.RESOLVE else None,
        url=wire.text(data.get("web_url"), 2000),
        client="Sentry",
        environment=wire.text(rule.get("environment"), 40) or None,
    )
    return [update]


def _labels(rule: Mapping[str, Any]) -> dict[str, str]:
    projects = wire.items(rule.get("projects"))
    told = {"rule": wire.text(rule.get("name"), 255), "project": wire.text(_one(projects), 255)}
    return {name: value for name, value in told.items() if value}


def _one(values: Sequence[object]) -> object:
    return values[0] if len(values) == 1 else None


_READERS: Mapping[str, Callable[[str, Mapping[str, Any], datetime], Sequence[AlertUpdate]]] = {
    "event_alert": issues.of_alert,
    "error": issues.of_error,
    "issue": issues.of_change,
    "metric_alert": _metric,
}
WEBHOOK = SentryWebhook(name="sentry.webhook", read=_read, headers=(_RESOURCE, _SIGNATURE))
