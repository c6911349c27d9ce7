"""An installation that takes mail at in.example.org, and a client that sends some."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.conf import settings
from django.test import override_settings
from msgspec import Struct, field
from tests.factories.ports import free_port

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import IntegrationDraft
from evenfall.integrations.email.inbound.listener import Listener
from evenfall.platform.clock import utc_now

DOMAIN = "in.example.org"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def mail_in() -> Iterator[None]:
    env = replace(
        settings.EVENFALL,
        mail_in_address=DOMAIN,
        mail_in_host="127.0.0.1",
        mail_in_port=free_port(),
        mail_in_largest=100_000,
        mail_in_per_minute=5,
        mail_from="Evenfall <evenfall@example.org>",
    )
    with override_settings(EVENFALL=env):
        yield


class Box(Struct, frozen=True, kw_only=True):
    """An integration for mail."""

    id: int
    key: str

    def address(self, tag: str = "") -> str:
        return f"{self.key}+{tag}@{DOMAIN}" if tag else f"{self.key}@{DOMAIN}"


def make_box(now: datetime = NOW, **draft: object) -> Box:
    number, key = alerting_actions.create_integration(
        draft=IntegrationDraft(name="Old tool", kind="email", **draft),  # type: ignore[arg-type] # fields of the draft
        now=now,
        actor="system",
    )
    return Box(id=number, key=key)


@pytest.fixture
def box(mail_in: None) -> Box:
    return make_box(utc_now())


def letter(
    subject: str = "Disk is full",
    text: str = "Only 3 % left.\n",
    *,
    sender: str = "tool@example.net",
    **headers: str,
) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, sender, "somebody@example.org"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


class Postman(Struct):
    """Sends mails to our server as another mail server does."""

    port: int
    opened: list[smtplib.SMTP] = field(default_factory=list)

    def open(self) -> smtplib.SMTP:
        client = smtplib.SMTP("127.0.0.1", self.port, timeout=10)
        self.opened.append(client)
        return client

    def send(self, mail: EmailMessage | bytes, *to: str, sender: str = "tool@example.net") -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        with self.open() as client:
            client.sendmail(sender, list(to), raw)


@pytest.fixture
def postman(mail_in: None) -> Iterator[Postman]:
    listener = Listener()
    listener.start()
    assert listener.is_listening.wait(10)
    postman = Postman(settings.EVENFALL.mail_in_port)
    yield postman
    for client in postman.opened:
        client.close()
    listener.stop()
