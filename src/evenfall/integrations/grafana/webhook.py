"""Grafana's webhook, `POST` or `PUT /in/{key}/grafana`.

The shape is Alertmanager's webhook with more fields. `groupKey` may be the same for everything, so
the fingerprint of each alert is what names it.
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
    Image,
    KnownAlert,
    Link,
    Refusal,
    UpdateAction,
    labelled,
    wire,
)
from evenfall.integrations.grafana import legacy

_STATUS = {
    Refusal.KEY_MISSING: 401,
    Refusal.KEY_UNKNOWN: 401,
    Refusal.TOO_LARGE: 413,
    Refusal.OVERLOADED: 503,
}
_LINKS = {"dashboardURL": "Dashboard", "panelURL": "Panel", "silenceURL": "Silence in Grafana"}


class Webhook:
    name = "grafana.webhook"

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
            sent = wire.load(body)
        except wire.Unreadable as error:
            return Decoded(errors=(str(error),), unparsed=True)
        if isinstance(wire.fields(sent).get("alerts"), list):
            return _read_all(sent, received_at)
        if legacy.speaks(sent):
            return Decoded(updates=(legacy.update(sent),))
        return Decoded(errors=("The body must be an object with 'alerts'.",), unparsed=True)

    def accepted(self, examined: Examined) -> Answer:
        if examined.errors:
            return self.refused(Refusal.INVALID, examined.errors)
        return Answer(200, b"{}")

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        body = {"message": "; ".join(errors[:20]) or f"not accepted: {refusal}"}
        return Answer(_STATUS.get(refusal, 400), msgspec.json.encode(body))

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


WEBHOOK = Webhook()


def _read_all(sent: Mapping[str, Any], received_at: datetime) -> Decoded:
    updates: list[AlertUpdate] = []
    errors: list[str] = []
    for number, alert in enumerate(sent["alerts"]):
        try:
            updates.append(_update(wire.fields(alert), sent, received_at))
        except wire.Unreadable as error:
            errors.append(f"alert {number}: {error}")
    return Decoded(
        updates=tuple(updates), errors=tuple(errors), unparsed=bool(errors) and not updates
    )


def _update(
    alert: Mapping[str, Any], sent: Mapping[str, Any], received_at: datetime
) -> AlertUpdate:
    labels = labelled.labels_of(alert.get("labels"))
    is_over = alert.get("status") == "resolved"
    ends_at = wire.lenient_moment(alert.get("endsAt"))
    return AlertUpdate(
        action=UpdateAction.RESOLVE if is_over else UpdateAction.TRIGGER,
        dedup_key=wire.text(alert.get("fingerprint"), wire.KEY_LENGTH) or wire.label_key(labels),
        starts_at=wire.lenient_moment(alert.get("startsAt")),
        ends_at=(ends_at or received_at) if is_over else None,
        **labelled.described(labels, wire.texts(alert.get("annotations"))),
        details=_details(alert, sent),
        url=wire.text(alert.get("generatorURL") or alert.get("panelURL"), 2000),
        links=_links(alert),
        images=_images(alert),
        group=wire.text(sent.get("groupKey"), 255),
        client="Grafana",
        client_url=wire.text(sent.get("externalURL"), 2000),
    )


def _details(alert: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    details = {"values": alert.get("values"), "org_id": sent.get("orgId")}
    return wire.details({name: value for name, value in details.items() if value is not None})


def _links(alert: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(
        Link(href=wire.text(alert[name], 2000), text=label)
        for name, label in _LINKS.items()
        if alert.get(name)
    )


def _images(alert: Mapping[str, Any]) -> tuple[Image, ...]:
    source = wire.text(alert.get("imageURL"), 2000)
    return (Image(src=source),) if source else ()
