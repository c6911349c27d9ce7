"""Site24x7's webhook, `POST /api/v2/site24x7/incoming?token=KEY`, or `/in/{key}/site24x7`."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of

_SEVERITIES = {
    "DOWN": Severity.CRITICAL,
    "CRITICAL": Severity.CRITICAL,
    "TROUBLE": Severity.ERROR,
}


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = fields_of(body)
    name = wire.text(sent.get("MONITORNAME"), 500).strip()
    monitor = wire.text(sent.get("MONITOR_ID"), 100).strip() or name
    status = wire.text(sent.get("STATUS"), 40).strip().upper()
    if not monitor:
        raise wire.Unreadable("'MONITORNAME' is required.")
    is_over = status == "UP"
    reason = wire.text(sent.get("INCIDENT_REASON"), 500).strip()
    update = AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=wire.derived_key("site24x7", monitor),
        summary=f"{name or monitor} is {status or 'in trouble'}: {reason}".removesuffix(": ")[
            :1024
        ],
        severity=_SEVERITIES.get(status),
        source=wire.text(sent.get("MONITORURL"), 255),
        labels={"monitor": name} if name else {},
        details=wire.details(sent),
        ends_at=received_at if is_over else None,
        url=wire.text(sent.get("MONITOR_DASHBOARD_LINK") or sent.get("MONITORURL"), 2000),
        client="Site24x7",
    )
    return [update]


SITE24X7 = Webhook(name="site24x7.webhook", read=_read)
