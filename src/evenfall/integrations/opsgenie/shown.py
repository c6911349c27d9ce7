"""Alerts and the fate of requests, in the shapes of Opsgenie."""

from datetime import datetime
from typing import Any

from evenfall.alerting.ports import UpdateAction
from evenfall.alerting.queries.for_senders import OwnAlert, StoredSignal
from evenfall.integrations.opsgenie import answers

_PRIORITY = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}
_ACTION = {"create": "Create", "close": "Close", "acknowledge": "Acknowledge", "delete": "Delete"}
_DONE = {"close": "Closed alert", "acknowledge": "Acknowledged alert", "delete": "Closed alert"}
_MISSING = "Alert does not exist"


def alert(found: OwnAlert, *, integration: str) -> dict[str, Any]:
    return {
        "id": answers.alert_uuid(found.id),
        "tinyId": str(found.id),
        "alias": found.dedup_key,
        "message": found.summary,
        "status": "open" if found.is_live else "closed",
        "acknowledged": found.acknowledged_at is not None,
        "isSeen": found.acknowledged_at is not None,
        "snoozed": found.is_held,
        "tags": found.details.get("tags", []),
        "count": found.count,
        "lastOccurredAt": _time(found.last_seen_at),
        "createdAt": _time(found.opened_at),
        "updatedAt": _time(found.resolved_at or found.acknowledged_at or found.last_seen_at),
        "source": found.source,
        "owner": "",
        "priority": _PRIORITY[found.severity],
        "responders": found.details.get("responders", []),
        "integration": {"name": integration, "type": "API"},
        "report": _report(found),
        "entity": str(found.extra.get("component", "")),
        "description": found.annotations.get("description", ""),
        "details": {name: part for name, part in found.details.items() if isinstance(part, str)},
    }


def _report(found: OwnAlert) -> dict[str, Any]:
    report: dict[str, Any] = {}
    if found.acknowledged_at:
        after = found.acknowledged_at - found.opened_at
        report |= {"ackTime": _ms(after.total_seconds()), "acknowledgedBy": found.acknowledged_by}
    if found.resolved_at:
        after = found.resolved_at - found.opened_at
        report |= {"closeTime": _ms(after.total_seconds()), "closedBy": found.resolved_by}
    return report


def fate(
    signal: StoredSignal, verb: str, action: UpdateAction | None, found: OwnAlert | None
) -> dict[str, Any]:
    """Return what became of a request; `found` was live when the request came.

    `action` is None for a request that was refused.
    """
    words, is_success = _fate(signal, verb, action, found)
    return {
        "success": is_success,
        "isSuccess": is_success,
        "action": _ACTION[verb],
        "processedAt": _time(signal.received_at),
        "integrationId": "",
        "status": words,
        "alertId": answers.alert_uuid(found.id) if found else "",
        "alias": found.dedup_key if found else "",
    }


def _fate(
    signal: StoredSignal, verb: str, action: UpdateAction | None, found: OwnAlert | None
) -> tuple[str, bool]:
    if action is None:
        return answers.NOT_PROCESSABLE, False
    if found is None:
        return _MISSING, False
    if verb == "create":
        is_new = found.signal_id == signal.id
        return ("Created alert" if is_new else "Alert is open already, its count was raised"), True
    return _DONE[verb], True


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
