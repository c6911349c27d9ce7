"""What an SNS topic sends to an HTTPS subscription, `POST /in/{key}/sns`.

The body is JSON that calls itself plain text; the alarm is a JSON text within it. A message counts
only once its signature is checked, in the pipeline: Amazon tries an address three times within a
minute, so the message is kept first, and fetching a certificate must hold up no other sender.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, override

from evenfall.alerting.ports import AlertUpdate, Decoded, Severity, UpdateAction, wire
from evenfall.alerting.ports.webhooks import Webhook, fields_of
from evenfall.integrations.amazon_sns import cloudwatch, eventbridge, signature

_TYPES = ("Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation")


class SnsTopic(Webhook, frozen=True, kw_only=True):
    """`urls` is where certificates and confirmations may be; nothing else is ever fetched."""

    urls: re.Pattern[str]

    @override
    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        decoded = Webhook.decode(self, body, received_at=received_at, mapping=mapping)
        return decoded if decoded.errors else self._with_visit(body, decoded)

    def _with_visit(self, body: bytes, decoded: Decoded) -> Decoded:
        sent = fields_of(body)
        if sent["Type"] != "SubscriptionConfirmation":
            return decoded
        address = wire.text(sent.get("SubscribeURL"), 4000)
        if self.urls.fullmatch(address) is None:
            return Decoded(errors=("'SubscribeURL' is not an address of Amazon SNS.",))
        return Decoded(updates=decoded.updates, visits=(address,))

    def certificate_url(self, body: bytes) -> str:
        return signature.certificate_url(_sent(body), self.urls)

    def problem(self, body: bytes, *, secret: str, certificate: str) -> str:
        del secret
        if not certificate:
            return "Its certificate is not at an address of Amazon SNS."
        return signature.problem(_sent(body), certificate)


def _sent(body: bytes) -> Mapping[str, Any]:
    try:
        return fields_of(body)
    except wire.Unreadable:
        return {}


def _read(body: bytes, received_at: datetime) -> Sequence[AlertUpdate]:
    sent = fields_of(body)
    kind = sent.get("Type")
    if kind not in _TYPES or not isinstance(sent.get("Message"), str):
        raise wire.Unreadable("It is no message of SNS. Switch raw message delivery off.")
    if kind != "Notification":
        return [_subscription(sent, is_over=kind == "UnsubscribeConfirmation")]
    try:
        message = wire.load(sent["Message"].encode(errors="replace"))
    except wire.Unreadable:
        message = None
    if isinstance(message, dict):
        for speaks in (cloudwatch, eventbridge):
            if speaks.knows(message):
                return [speaks.update(message, received_at)]
    return [_said(sent, message)]


def _said(sent: Mapping[str, Any], message: object) -> AlertUpdate:
    """Read any other message; the same subject on the same topic is the same alert."""
    lines = sent["Message"].strip().splitlines() or [""]
    subject = wire.text(sent.get("Subject"), 1024).strip() or wire.text(lines[0], 1024)
    topic = wire.text(sent.get("TopicArn"), 255)
    fields = wire.fields(message)
    return AlertUpdate(
        action=UpdateAction.TRIGGER,
        dedup_key=wire.derived_key(topic, subject),
        summary=subject or "Message of Amazon SNS without a text",
        severity=wire.severity(fields.get("severity")),
        source=topic,
        labels={"topic": topic.rpartition(":")[2]} if topic else {},
        details=wire.details(message if fields else {"message": sent["Message"]}),
        client="Amazon SNS",
    )


def _subscription(sent: Mapping[str, Any], *, is_over: bool) -> AlertUpdate:
    """Say that a topic no longer sends to us; a new subscription ends that."""
    topic = wire.text(sent.get("TopicArn"), 255)
    return AlertUpdate(
        action=UpdateAction.TRIGGER if is_over else UpdateAction.RESOLVE,
        dedup_key=wire.derived_key("subscription", topic),
        summary=f"SNS topic {topic.rpartition(':')[2]} no longer sends here: it was unsubscribed",
        severity=Severity.WARNING,
        source=topic,
        client="Amazon SNS",
    )


TOPIC = SnsTopic(name="amazon.sns", read=_read, urls=signature.AMAZON)
