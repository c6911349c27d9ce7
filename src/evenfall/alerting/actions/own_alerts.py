"""Alerts that Evenfall finds itself enter where all others do: as signals, with a story."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from evenfall.alerting.models import Integration
from evenfall.alerting.models.signal_queue import put_signal
from evenfall.platform.crypto import token_hash

KIND: Final = "evenfall"
_FORMAT: Final = "json"
_AT_ONCE: Final = 200


class OwnAlert(Struct, frozen=True, kw_only=True):
    """What a domain above wants to be known: a problem, or that it is over (`is_over`).

    `key` is the identity within its source, the same for both. `service` is a slug, "" for none;
    `severity` one of critical, error, warning, info. `url` and `image_url` are addresses of this
    installation: the page that explains it, and its picture.
    """

    key: str
    summary: str
    is_over: bool = False
    severity: str = "warning"
    service: str = ""
    environment: str = ""
    url: str = ""
    image_url: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def raise_own_alerts(*, source: str, alerts: Sequence[OwnAlert], now: datetime) -> None:
    """Hand alerts of our own to the pipeline, in the caller's transaction.

    `source` ("Monitors", "Objectives") is the name of the integration they are listed under; it
    is made at the first alert, with a key that nobody knows. Saying the same again is a repeat.
    """
    if not alerts:
        return
    integration_id = _integration(source, now)
    for first in range(0, len(alerts), _AT_ONCE):
        put_signal(
            integration_id=integration_id,
            format_name=_FORMAT,
            body=msgspec.json.encode([_event(a) for a in alerts[first : first + _AT_ONCE]]),
            received_at=now,
            unparsed=False,
        )
    Integration.objects.filter(id=integration_id).update(last_signal_at=now)


def _integration(source: str, now: datetime) -> int:
    found = Integration.objects.filter(kind=KIND, name=source).order_by("id").first()
    if found is None:
        found = Integration.objects.create(
            name=source,
            kind=KIND,
            key_hash=token_hash(secrets.token_urlsafe(32)),
            key_hint="own",
            created_at=now,
        )
    return found.id


def _event(alert: OwnAlert) -> dict[str, Any]:
    """The event in the plain JSON that anybody may send."""
    labels = {**alert.labels, **({"service": alert.service} if alert.service else {})}
    return {
        "summary": alert.summary,
        "status": "resolved" if alert.is_over else "triggered",
        "severity": alert.severity,
        "dedup_key": alert.key,
        "environment": alert.environment,
        "url": alert.url,
        "image_url": alert.image_url,
        "labels": labels,
        "details": dict(alert.details),
    }
