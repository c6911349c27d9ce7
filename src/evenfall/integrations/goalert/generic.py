"""GoAlert's generic API, `POST /api/v2/generic/incoming?token=KEY`.

Its parameters may be in the query, in a form or in JSON; all three are used.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from evenfall.alerting.ports import AlertUpdate, Answer, UpdateAction, wire
from evenfall.alerting.ports.heads import split
from evenfall.alerting.ports.webhooks import HeardWebhook, fields_of

KEY_IN = ("token", "integrationKey", "integration_key")
_FIELDS = 500
_SUMMARY_LENGTH = 1024
_DETAILS_LENGTH = 6 * 1024


def _read(stored: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    head, body = split(stored)
    sent = _given(head.parameters(), head.header("content-type"), body)
    summary = wire.text(sent.get("summary"), _SUMMARY_LENGTH).strip()
    details = wire.text(sent.get("details"), _DETAILS_LENGTH).strip()
    dedup = wire.text(sent.get("dedup")).strip()
    is_over = wire.text(sent.get("action"), 20).lower() == "close"
    if not (summary or (is_over and dedup)):
        raise wire.Unreadable("'summary' is required.")
    labels = _labels(sent.get("meta"))
    update = AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=_key(dedup) or wire.derived_key(summary, details),
        summary=summary,
        severity=wire.severity(labels.get("severity"), labels.get("priority")),
        source=wire.text(wire.first(labels, ("host", "instance", "source")), 255),
        labels=labels,
        details={"details": details} if details else {},
        ends_at=received_at if is_over else None,
        client="GoAlert API",
        environment=wire.environment(labels),
    )
    return [update]


GENERIC = HeardWebhook(
    name="goalert.generic",
    read=_read,
    headers=("content-type",),
    key_in=KEY_IN,
    ok=Answer(204),
)


def _given(query: list[tuple[str, str]], content_type: str, body: bytes) -> Mapping[str, Any]:
    """Return all parameters; those of the body win, and `meta` is a list of texts or a map."""
    pairs, sent = list(query), {}
    if body.strip()[:1] == b"{":
        sent = dict(fields_of(body))
    elif body.strip() and "json" not in content_type:
        pairs += _form(body)
    elif body.strip():
        raise wire.Unreadable("The body must be one JSON object.")
    meta = [value for name, value in pairs if name == "meta"]
    return {"meta": meta} | {name: value for name, value in pairs if name != "meta"} | sent


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(errors="replace"), max_num_fields=_FIELDS, errors="replace")
    except ValueError:
        raise wire.Unreadable(f"The form has more than {_FIELDS} fields.") from None


def _key(dedup: str) -> str:
    return dedup if len(dedup) <= wire.KEY_LENGTH else wire.derived_key(dedup)


def _labels(meta: object) -> dict[str, str]:
    if isinstance(meta, dict):
        return {name: value for name, value in wire.texts(meta).items() if name and value}
    pairs = [wire.text(pair, 500).partition("=") for pair in wire.items(meta)[:100]]
    return {
        name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()
    }
