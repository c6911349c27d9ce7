"""The wire format of alerts by mail: the raw mail as it was kept, behind lines of our own.

`kept` makes what is stored of a mail: the mail itself without the contents of attachments and
without the secret of its address, behind three headers of ours that say how it came. Headers of
the same names further down are the sender's and count for nothing: the first one is read.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from typing import Any, Final

from django.conf import settings

from evenfall.alerting.ports import (
    AlertUpdate,
    Answer,
    Decoded,
    Examined,
    KnownAlert,
    Refusal,
    Severity,
    UpdateAction,
    wire,
)
from evenfall.integrations.email.inbound.guards import why_no_alert
from evenfall.integrations.email.inbound.mail import SIZE, Mail, is_attachment, leaves, size_of
from evenfall.integrations.email.inbound.subjects import Subject

FORMAT: Final = "email"
TAG: Final = "X-Evenfall-Tag"
FLOOD: Final = "X-Evenfall-Flood"
FLOOD_KEY: Final = "too-many-mails"
NULL_SENDER: Final = "<>"
_LARGEST_KEPT: Final = 500_000
_FLOOD_KEPT: Final = 4_000
_PRIORITIES: Final = {
    "1": Severity.CRITICAL,
    "2": Severity.ERROR,
    "high": Severity.CRITICAL,
    "urgent": Severity.CRITICAL,
    "4": Severity.INFO,
    "5": Severity.INFO,
    "low": Severity.INFO,
    "non-urgent": Severity.INFO,
}
_PRIORITY_HEADERS: Final = ("Importance", "Priority", "X-Priority", "X-MSMail-Priority")
_DESCRIPTION: Final = 8_000


def kept(
    raw: bytes, *, tag: str, secret: str, hint: str, envelope_sender: str | None, flood: bool
) -> bytes:
    """What is stored of a mail. `secret` is replaced by `hint` wherever it stands in plain text."""
    lines = [f"{TAG}: {_one_word(tag)}"]
    if envelope_sender is not None:
        lines.append(f"Return-Path: <{_one_word(envelope_sender)}>")
    lines.append(f"{FLOOD}: {'yes' if flood else 'no'}")
    body = _hidden(_light(raw)[: _FLOOD_KEPT if flood else _LARGEST_KEPT], secret, hint)
    return "".join(f"{line}\r\n" for line in lines).encode() + body


def _light(raw: bytes) -> bytes:
    """The mail without what is attached; the very bytes where nothing is."""
    message = Mail(raw).message
    parts = [part for part in leaves(message) if is_attachment(part)]
    if not parts:
        return raw
    for part in parts:
        _empty(part)
    try:
        return message.as_bytes()
    except (LookupError, ValueError):  # headers that Python reads and cannot write
        return raw


def _empty(part: "Message[str, str]") -> None:
    size = size_of(part)
    del part["Content-Transfer-Encoding"], part[SIZE]
    part[SIZE] = str(size)
    part.set_payload("[not kept]\r\n")


def _hidden(raw: bytes, secret: str, hint: str) -> bytes:
    for form in {secret, secret.lower(), secret.upper()} - {""}:
        raw = raw.replace(form.encode(), hint.encode())
    return raw


def _one_word(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and char not in "<>\\ ")[:255]


class MailFormat:
    """One mail is one statement about one alert."""

    name = FORMAT

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        del body, received_at, known
        return Examined()

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        del received_at
        mail = Mail(body)
        sender = mail.header("Return-Path") if "Return-Path" in mail.message else None
        reason = why_no_alert(
            mail,
            envelope_sender="" if sender == NULL_SENDER else sender,
            our_sender=settings.EVENFALL.mail_from,
        )
        if reason:
            return Decoded(errors=(f"A mail became no alert: {reason}.",))
        update = _flood(mail) if mail.header(FLOOD) == "yes" else _update(mail, mapping)
        return Decoded(updates=(update,))

    def accepted(self, examined: Examined) -> Answer:
        del examined
        return Answer(202)

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        del refusal, errors
        return Answer(400)

    def repeat_key(self, identity: bytes) -> str:
        raise NotImplementedError  # examine reports no repeats


def is_over(raw: bytes, mapping: Mapping[str, str]) -> bool:
    """Whether a mail ends an alert; such mails make no storm."""
    return Subject(Mail(raw).subject, mapping).is_over


def _update(mail: Mail, mapping: Mapping[str, str]) -> AlertUpdate:
    subject = Subject(mail.subject, mapping)
    over = subject.is_over
    severity = subject.severity or _priority(mail)
    return AlertUpdate(
        action=UpdateAction.RESOLVE if over else UpdateAction.TRIGGER,
        dedup_key=_dedup_key(mail, subject),
        summary=mail.subject[:1024] or _first_line(mail) or "A mail without a subject",
        severity=None if over else severity,
        source=mail.sender[:255],
        labels={"from": mail.sender} if mail.sender else {},
        annotations={"description": mail.text[:_DESCRIPTION]} if mail.text else {},
        details=_details(mail),
    )


def _flood(mail: Mail) -> AlertUpdate:
    most = settings.EVENFALL.mail_in_per_minute
    return AlertUpdate(
        action=UpdateAction.TRIGGER,
        dedup_key=FLOOD_KEY,
        summary=f"More than {most} mails came in a minute; the further ones are counted here",
        severity=Severity.ERROR,
        source=mail.sender[:255],
        details={"latest subject": mail.subject, "latest sender": mail.sender},
    )


def _dedup_key(mail: Mail, subject: Subject) -> str:
    tag = mail.header(TAG)
    if tag:
        return tag[: wire.KEY_LENGTH]
    named = subject.name
    if named:
        return wire.derived_key(mail.sender, named)
    return hashlib.sha256(f"{mail.sender}\0{mail.text}".encode()).hexdigest()[:40]


def _priority(mail: Mail) -> Severity | None:
    told = wire.severity(mail.header("X-Severity"))
    if told is not None:
        return told
    words = [mail.header(name).lower().partition("(")[0].strip() for name in _PRIORITY_HEADERS]
    return next((_PRIORITIES[word] for word in words if word in _PRIORITIES), None)


def _first_line(mail: Mail) -> str:
    return next((line.strip()[:200] for line in mail.text.splitlines() if line.strip()), "")


def _details(mail: Mail) -> dict[str, Any]:
    found: dict[str, Any] = {
        "from": mail.header("From"),
        "date": mail.header("Date"),
        "message id": mail.header("Message-ID"),
        "attachments (not kept)": [attachment.words() for attachment in mail.attachments],
    }
    return {name: value for name, value in found.items() if value}
