"""Alertmanager's webhook, payload version 4: `POST /in/{key}/alertmanager`.

Every notification carries all alerts of its group again. An alert that is missing from a later one
was not necessarily resolved (`truncatedAlerts`, `send_resolved: false`), so only its own status
counts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    KnownAlert,
    Refusal,
    UpdateAction,
    labelled,
    wire,
)

_STATUS = {
    Refusal.KEY_MISSING: 401,
    Refusal.KEY_UNKNOWN: 401,
    Refusal.TOO_LARGE: 413,
    Refusal.OVERLOADED: 503,  # a 4xx, even 429, would cost the sender a whole group interval
}


class Webhook:
    name = "alertmanager.webhook"

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        del known  # repeats come hours apart
        decoded = self.decode(body, received_at=received_at, mapping={})
        return Examined(
            errors=decoded.errors,
            unparsed=decoded.unparsed,
            nothing=not decoded.updates and not decoded.errors,
        )

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        del mapping
        try:
            notification = wire.load(body)
        except wire.Unreadable as error:
            return Decoded(errors=(str(error),), unparsed=True)
        if not isinstance(wire.fields(notification).get("alerts"), list):
            return Decoded(errors=("The body must be an object with 'alerts'.",), unparsed=True)
        return _read_all(notification, received_at)

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return self.refused(Refusal.INVALID, examined.errors)
        return Answer(200, b"{}")

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        body = {"error": "; ".join(errors[:20]) or f"not accepted: {refusal}"}
        return Answer(_STATUS.get(refusal, 400), msgspec.json.encode(body))

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


WEBHOOK = Webhook()


def _read_all(notification: Mapping[str, Any], received_at: datetime) -> Decoded:
    updates: list[AlertUpdate] = []
    errors: list[str] = []
    for number, alert in enumerate(notification["alerts"]):
        try:
            updates.append(_update(alert, notification, received_at))
        except wire.Unreadable as error:
            errors.append(f"alert {number}: {error}")
    return Decoded(
        updates=tuple(updates), errors=tuple(errors), unparsed=bool(errors) and not updates
    )


def _update(alert: object, notification: Mapping[str, Any], received_at: datetime) -> AlertUpdate:
    sent = wire.fields(alert)
    labels = labelled.labels_of(sent.get("labels"))
    is_over = sent.get("status") == "resolved"
    ends_at = wire.lenient_moment(sent.get("endsAt"))
    return AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=wire.text(sent.get("fingerprint"), wire.KEY_LENGTH) or wire.label_key(labels),
        starts_at=wire.lenient_moment(sent.get("startsAt")),
        ends_at=(ends_at or received_at) if is_over else None,
        **labelled.described(labels, wire.texts(sent.get("annotations"))),
        url=wire.text(sent.get("generatorURL"), 2000),
        group=wire.text(notification.get("groupKey"), 255),
        client="Alertmanager",
        client_url=wire.text(notification.get("externalURL"), 2000),
    )
