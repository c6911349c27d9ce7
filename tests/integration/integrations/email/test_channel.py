"""Against a real SMTP server."""

import asyncio
import smtplib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import override

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from msgspec import Struct, field, structs
from pytest_django import Settings
from tests.factories.notifications import CONTENT, make_message

from evenfall.integrations.email.channel import EmailChannel
from evenfall.integrations.email.connections import IDLE_S, Connections
from evenfall.integrations.email.refusals import refusal
from evenfall.notifications.ports import ChannelError, Content

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Mailbox(Struct):
    """What the server does: it takes mail, or answers as scripted, and counts connections."""

    recipient_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    hang_up_next: bool = False

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it by this name
        self,
        server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_next:
            self.hang_up_next = False
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 queued"


class AnyPort(Controller):
    """Listens on a free port and tells which."""

    @override
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has few types


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    controller = AnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def channel(server: Controller, settings: Settings) -> Iterator[EmailChannel]:
    settings.EVENFALL = replace(
        settings.EVENFALL,
        mail_host="127.0.0.1",
        mail_port=server.port,
        mail_security="none",
        mail_from="Evenfall <evenfall@pages.example>",
    )
    running = EmailChannel(clock=lambda: NOW)
    yield running
    running.close()


async def test_a_mail_arrives_with_text_links_and_its_key(
    channel: EmailChannel, mailbox: Mailbox
) -> None:
    accepted = await channel.send(make_message())

    (mail,) = mailbox.mails
    assert mailbox.recipients == ["ada@example.org"]
    assert accepted.provider_id == mail["Message-ID"] == "<notice-17@pages.example>"
    assert mail["Subject"] == "Checkout is down"
    assert mail["Importance"] == "high"
    assert mail["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "since 12:00, 3 alerts" in text.get_content()
    assert "Acknowledge: https://evenfall.example/r/acknowledge/" in text.get_content()
    assert 'href="https://evenfall.example/r/help/"' in html.get_content()


async def test_a_hostile_title_stays_in_its_place(channel: EmailChannel, mailbox: Mailbox) -> None:
    content = Content(title="Down\r\nBcc: eve@example.org", lines=("<script>alert(1)</script>",))
    await channel.send(make_message(content=content, urgency="low"))

    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Importance"] is None
    assert mail["Subject"] == "Down Bcc: eve@example.org"
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


async def test_every_try_has_the_same_message_id_and_a_page_is_a_thread(
    channel: EmailChannel, mailbox: Mailbox
) -> None:
    await channel.send(make_message(attempt=1))
    await channel.send(make_message(attempt=2))
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["References"] == second["References"]


async def test_a_connection_serves_many_mails(channel: EmailChannel, mailbox: Mailbox) -> None:
    for _ in range(3):
        await channel.send(make_message())
    assert (len(mailbox.mails), mailbox.connections) == (3, 1)


async def test_many_mails_go_at_the_same_time(channel: EmailChannel, mailbox: Mailbox) -> None:
    await asyncio.gather(*(channel.send(make_message()) for _ in range(20)))
    assert len(mailbox.mails) == 20


async def test_a_kept_connection_that_was_closed_is_replaced(
    channel: EmailChannel, mailbox: Mailbox
) -> None:
    await channel.send(make_message())
    mailbox.hang_up_next = True
    await channel.send(make_message())
    assert (len(mailbox.mails), mailbox.connections) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "permanent", "dead"),
    [
        ("550 5.1.1 no such mailbox", True, True),
        ("550 no such mailbox", True, True),
        ("550 5.7.1 looks like spam", True, False),
        ("552 5.2.2 mailbox full", True, False),
        ("450 4.2.1 come back later", False, False),
    ],
)
async def test_the_answer_about_a_recipient_decides(
    channel: EmailChannel, mailbox: Mailbox, answer: str, permanent: bool, dead: bool
) -> None:
    mailbox.recipient_answers = [answer]
    with pytest.raises(ChannelError) as caught:
        await channel.send(make_message())
    error = caught.value
    assert (error.message, error.permanent, error.address_dead) == (answer, permanent, dead)


@pytest.mark.parametrize(
    ("answer", "permanent"), [("554 5.6.0 not this", True), ("451 4.3.0 busy", False)]
)
async def test_an_answer_about_the_mail_never_blames_the_address(
    channel: EmailChannel, mailbox: Mailbox, answer: str, permanent: bool
) -> None:
    mailbox.data_answers = [answer]
    with pytest.raises(ChannelError) as caught:
        await channel.send(make_message())
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, False)


async def test_a_server_that_is_away_is_temporary(
    channel: EmailChannel, settings: Settings
) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_port=1)
    with pytest.raises(ChannelError, match="cannot be reached") as caught:
        await channel.send(make_message())
    assert not caught.value.permanent


async def test_without_a_mail_server_the_reason_is_said() -> None:
    with pytest.raises(ChannelError, match="EVENFALL_MAIL_HOST") as caught:
        await EmailChannel().send(make_message())
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), True),
        (smtplib.SMTPNotSupportedError("STARTTLS"), True),
        (smtplib.SMTPSenderRefused(550, b"not you", "x@y"), True),
        (smtplib.SMTPServerDisconnected(), False),
        (TimeoutError(), False),
    ],
)
def test_our_own_troubles_never_blame_the_address(error: Exception, permanent: bool) -> None:
    made = refusal(error)
    assert (made.permanent, made.address_dead) == (permanent, False)


def accepts(user: str, password: str) -> Callable[..., AuthResult]:
    def authenticate(*args: object) -> AuthResult:
        data = args[-1]
        login = (getattr(data, "login", b""), getattr(data, "password", b""))
        return AuthResult(success=login == (user.encode(), password.encode()), handled=False)

    return authenticate


@pytest.mark.parametrize(("password", "arrives"), [("right", 1), ("wrong", 0)])
async def test_the_server_may_want_a_sign_in(
    mailbox: Mailbox, settings: Settings, password: str, arrives: int
) -> None:
    controller = AnyPort(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        authenticator=accepts("evenfall", "right"),
        auth_require_tls=False,
    )
    controller.start()
    settings.EVENFALL = replace(
        settings.EVENFALL,
        mail_host="127.0.0.1",
        mail_port=controller.port,
        mail_security="none",
        mail_user="evenfall",
        mail_password=password,
    )
    channel = EmailChannel()
    refused = pytest.raises(ChannelError, match="EVENFALL_MAIL_PASSWORD")
    with nullcontext() if arrives else refused:
        await channel.send(make_message(content=CONTENT))
    channel.close()
    controller.stop()
    assert len(mailbox.mails) == arrives


async def test_a_cold_connection_is_not_used_again(channel: EmailChannel, mailbox: Mailbox) -> None:
    clock = [0.0]
    channel.connections = Connections(clock=lambda: clock[0])
    await channel.send(make_message())
    clock[0] = IDLE_S + 1
    await channel.send(make_message())
    assert mailbox.connections == 2


async def test_starttls_is_asked_for_and_its_absence_said(
    channel: EmailChannel, settings: Settings
) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_security="starttls")
    with pytest.raises(ChannelError, match="STARTTLS") as caught:
        await channel.send(make_message())
    assert caught.value.permanent


async def test_a_plain_server_does_not_speak_tls(channel: EmailChannel, settings: Settings) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_security="tls")
    with pytest.raises(ChannelError, match="cannot be reached"):
        await channel.send(make_message())


async def test_a_page_mail_names_where_to_answer_and_with_which_words(
    channel: EmailChannel, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_in_address="in.example.org")
    await channel.send(structs.replace(make_message(), language="de"))
    mail = mailbox.mails[0]
    assert str(mail["Reply-To"]).startswith("page+11-")
    assert str(mail["Reply-To"]).endswith("@in.example.org")
    assert mail["X-Evenfall"] == "page"
    assert "bestätigt" in text_of(mail)


async def test_a_mail_that_asks_nothing_has_no_address_for_answers(
    channel: EmailChannel, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, mail_in_address="in.example.org")
    await channel.send(structs.replace(make_message(), action_links=()))
    await channel.send(structs.replace(make_message(), subject="shift:3"))
    assert [mail["Reply-To"] for mail in mailbox.mails] == [None, None]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
