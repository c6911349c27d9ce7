"""Subscribers for tests: a mailbox on loopback, and everything due sent as the worker sends it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, override

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.test import override_settings
from msgspec import Struct, field
from tests.factories.identity import NOW

from evenfall.statuspages.actions.delivering import Parcel, claim_parcels, record_outcomes
from evenfall.statuspages.actions.postman import carry
from evenfall.statuspages.actions.spreading import spread_due
from evenfall.statuspages.logic.subscribing import Kind


class Mailbox(Struct):
    """What came in, by address; `answers` are given instead of taking a recipient."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 queued"

    def of(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]

    def subjects(self, address: str) -> list[str]:
        return [mail["Subject"] for mail in self.of(address)]


class _AnyPort(Controller):
    @override
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has few types


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    """A real SMTP server, and settings that send there."""
    mailbox = Mailbox()
    server = _AnyPort(mailbox, hostname="127.0.0.1", port=0)
    server.start()
    env = replace(
        settings.EVENFALL,
        mail_host="127.0.0.1",
        mail_port=server.port,
        mail_security="none",
        mail_from="Evenfall <evenfall@pages.example>",
    )
    with override_settings(EVENFALL=env):
        yield mailbox
    server.stop()


def send_due(now: datetime = NOW, *, most: int = 100) -> list[Parcel]:
    """Spread and send until nothing is due at this time, as the drains do."""
    sent: list[Parcel] = []
    while spread_due(now=now).done:
        pass
    while parcels := [one for kind in Kind for one in claim_parcels(kind=kind, most=most, now=now)]:
        outcomes = asyncio.run(_carried(parcels))
        record_outcomes(outcomes=outcomes, now=now)
        sent += parcels
    return sent


async def _carried(parcels: list[Parcel]) -> list[Any]:
    return await asyncio.gather(*(carry(parcel) for parcel in parcels))
