"""What the notification command of Nagios or Icinga 2 sends, `POST /in/{key}/nagios`.

Fields are sent as a form, since a shell can write that without mistakes; JSON works as well.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of, without_holes

_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "down": Severity.CRITICAL,
    "unreachable": Severity.ERROR,
    "unknown": Severity.ERROR,
    "warning": Severity.WARNING,
}
_FINE = frozenset({"ok", "up", "pending"})
_FIELDS = 100


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = without_holes(_fields(body), "$")
    host = wire.text(sent.get("host"), 255).strip()
    if not host:
        raise wire.Unreadable("'host' is required: give host=… to the script.")
    kind = "".join(filter(str.isalpha, wire.text(sent.get("type"), 40))).lower()
    state = wire.text(sent.get("state"), 40).strip().lower()
    if kind.startswith("downtime"):
        return ()  # Nagios is quiet by itself in a downtime; ours are set here
    if kind.startswith("flapping"):
        return [_flapping(sent, host, starts=kind == "flappingstart", at=received_at)]
    action = _action(kind, state)
    return [] if action is None else [_update(sent, host, state, action, received_at)]


COMMAND = Webhook(name="nagios.command", read=_read)


def _fields(body: bytes) -> Mapping[str, Any]:
    if body[:1] == b"{":
        return fields_of(body)
    text = body.decode(errors="replace")
    if "=" not in text:
        raise wire.Unreadable("The body must be a form or a JSON object.")
    try:
        return dict(parse_qsl(text, max_num_fields=_FIELDS, errors="replace"))
    except ValueError:
        raise wire.Unreadable(f"The form has more than {_FIELDS} fields.") from None


def _action(kind: str, state: str) -> UpdateAction | None:
    """Return what to do; None for a note of a person about something that is fine."""
    if kind == "recovery":
        return UpdateAction.RESOLVE
    if kind.startswith("acknowledg"):
        return UpdateAction.ACKNOWLEDGE
    if state in _FINE:
        return UpdateAction.RESOLVE if kind in ("", "problem") else None
    return UpdateAction.TRIGGER


def _update(
    sent: Mapping[str, Any], host: str, state: str, action: UpdateAction, received_at: datetime
) -> AlertUpdate:
    service = wire.text(sent.get("service"), 255).strip()
    output = wire.text(sent.get("output"), 800).strip()
    named = f"{service} on {host}" if service else f"Host {host}"
    labels = _labels(sent, host, service)
    return AlertUpdate(
        action=action,
        dedup_key=wire.derived_key(host, service),
        summary=f"{named} is {state.upper()}: {output}"[:1024],
        severity=_SEVERITIES.get(state),
        source=host,
        labels=labels,
        details=_details(sent),
        ends_at=received_at if action is UpdateAction.RESOLVE else None,
        url=wire.text(sent.get("url"), 2000),
        client="Nagios",
        environment=wire.environment(labels),
        component=service,
    )


def _flapping(sent: Mapping[str, Any], host: str, *, starts: bool, at: datetime) -> AlertUpdate:
    """Read the beginning or end of flapping, an alert of its own."""
    service = wire.text(sent.get("service"), 255).strip()
    named = f"{service} on {host}" if service else f"Host {host}"
    return AlertUpdate(
        action=UpdateAction.TRIGGER if starts else UpdateAction.RESOLVE,
        dedup_key=wire.derived_key(host, service, "flapping"),
        summary=f"{named} is flapping"[:1024],
        severity=Severity.WARNING,
        source=host,
        labels=_labels(sent, host, service),
        details=_details(sent),
        ends_at=None if starts else at,
        client="Nagios",
    )


def _labels(sent: Mapping[str, Any], host: str, service: str) -> dict[str, str]:
    """Make labels; `service` of Nagios is a check and no service of ours, so it is "check"."""
    labels = {"host": host} | ({"check": service} if service else {})
    environment = wire.text(sent.get("environment"), 40)
    return labels | ({"environment": environment} if environment else {})


def _details(sent: Mapping[str, Any]) -> dict[str, Any]:
    names = ("type", "state", "output", "long_output", "address", "author", "comment", "attempt")
    return wire.details({name: sent[name] for name in names if name in sent})
