"""Alertmanager API v2, `POST /{key}/api/v2/alerts`: Prometheus and its like send to us directly.

Best effort, as the original: the valid alerts of a batch count even when the answer is 400.
Senders repeat all firing alerts every minute or so, hence most of the work here is to see quickly
that nothing changed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Struct

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    KnownAlert,
    Refusal,
    Repeat,
    labelled,
    wire,
)
from evenfall.integrations.alertmanager import posted

_Time = Annotated[datetime, msgspec.Meta(tz=True)]
_NOTHING = msgspec.Raw(b"")
_TIMEOUT_S = posted.RESOLVE_TIMEOUT.total_seconds()
_SHOWN_ERRORS = 20
_STATUS = {
    Refusal.KEY_MISSING: 401,
    Refusal.KEY_UNKNOWN: 401,
    Refusal.TOO_LARGE: 413,
    Refusal.OVERLOADED: 503,  # never 429: the sender would drop the alerts
}


class _Posted(Struct, gc=False):
    """As little of an alert as can tell whether it is a repeat; labels and texts stay bytes."""

    labels: msgspec.Raw
    annotations: msgspec.Raw = _NOTHING
    startsAt: _Time | None = None  # noqa: N815 - the sender's name
    endsAt: _Time | None = None  # noqa: N815 - the sender's name


_posted = msgspec.json.Decoder(list[_Posted])
_labels = msgspec.json.Decoder(dict[str, str])


class AlertmanagerApi:
    name = "alertmanager.api"

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        try:
            alerts = _posted.decode(body)
            return _examined(alerts, received_at.timestamp(), known)
        except (*wire.UNDECODABLE, wire.Unreadable):
            return _examined_slowly(body, received_at)

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        del mapping
        return _decoded(body, received_at)

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return self.refused(Refusal.INVALID, examined.errors)
        return _OK

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        reasons = "; ".join(errors[:_SHOWN_ERRORS]) or f"not accepted: {refusal}"
        return Answer(_STATUS.get(refusal, 400), msgspec.json.encode(reasons))

    def repeat_key(self, identity: bytes) -> str:
        return wire.label_key(labelled.labels_of(wire.load(identity)))


_OK = Answer(200)
API = AlertmanagerApi()


def _examined(alerts: list[_Posted], now_s: float, known: Mapping[bytes, KnownAlert]) -> Examined:
    """Sort alerts into firing and over; raises what _check raises when one is not valid."""
    repeats: list[Repeat] = []
    over: list[bytes] = []
    unchanged = True
    for alert in alerts:
        identity = bytes(alert.labels)
        expires_at = _expires_at(alert, now_s)
        if expires_at <= now_s:
            _check(alert)
            over.append(identity)
            continue
        # Two replicas of one Prometheus differ in startsAt and generatorURL: these do not count.
        content = hash(bytes(alert.annotations))
        found = known.get(identity)
        if found is None or found.content != content or found.expires_at <= now_s:
            _check(alert)
            unchanged = False
        repeats.append(Repeat(identity, content, expires_at))
    return Examined(
        nothing=not alerts,
        unchanged=unchanged and not over and bool(alerts),
        repeats=repeats,
        over=over,
    )


def _expires_at(alert: _Posted, now_s: float) -> float:
    """Return when the alert is over, in seconds since 1970."""
    ends_at = alert.endsAt
    if ends_at is None or ends_at.year == 1:
        return now_s + _TIMEOUT_S
    return ends_at.timestamp()


def _check(alert: _Posted) -> None:
    """Raise unless the alert is certainly valid; what is odd is then looked at slowly."""
    if not any(_labels.decode(alert.labels).values()):
        raise wire.Unreadable
    if alert.startsAt is not None and alert.endsAt is not None and alert.startsAt > alert.endsAt:
        raise wire.Unreadable


def _examined_slowly(body: bytes, received_at: datetime) -> Examined:
    decoded = _decoded(body, received_at)
    return Examined(
        errors=decoded.errors,
        unparsed=decoded.unparsed,
        nothing=not decoded.updates and not decoded.errors,
    )


def _decoded(body: bytes, received_at: datetime) -> Decoded:
    try:
        alerts = wire.load(body)
    except wire.Unreadable as error:
        return Decoded(errors=(str(error),), unparsed=True)
    if not isinstance(alerts, list):
        return Decoded(errors=("The body must be a JSON list of alerts.",), unparsed=True)
    updates: list[AlertUpdate] = []
    errors: list[str] = []
    for number, alert in enumerate(alerts):
        try:
            updates.append(posted.update(alert, received_at=received_at))
        except wire.Unreadable as error:
            errors.append(f"alert {number}: {error}")
    return Decoded(
        updates=tuple(updates), errors=tuple(errors), unparsed=bool(errors) and not updates
    )
