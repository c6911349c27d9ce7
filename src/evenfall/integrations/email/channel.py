"""Send one mail."""

import asyncio
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from evenfall.integrations.email.connections import Connections, Server, StaleConnectionError
from evenfall.integrations.email.letter import compose
from evenfall.integrations.email.refusals import refusal
from evenfall.integrations.email.reply_address import reply_address
from evenfall.integrations.email.servers import mail_server
from evenfall.notifications.errors import AddressNotUsable
from evenfall.notifications.ports import Accepted, AddressField, ChannelError, Message
from evenfall.platform.clock import utc_now

THREADS: Final = 64


class EmailChannel:
    """smtplib blocks, so each send runs in a thread; connections are reused."""

    kind = "email"
    label = "E-mail"
    proof: Literal["code", "challenge"] = "code"
    address_field = AddressField(
        label="E-mail address",
        help="A code goes there first.",
        icon="mail",
        input_mode="email",
        autocomplete="email",
    )

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")
        self.connections = Connections()

    def read_address(self, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError as error:
            raise AddressNotUsable(
                reason="it has not the form name@host.", field="address"
            ) from error
        return text

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:
        server = mail_server()
        if not server.host:
            raise ChannelError("mail is off: EVENFALL_MAIL_HOST is not set", permanent=True)
        sender = settings.EVENFALL.mail_from
        domain = parseaddr(sender)[1].rpartition("@")[2] or "evenfall.invalid"
        now = self._clock()
        answer_to = reply_address(message.notice_id, now=now) if _is_page(message) else ""
        mail = compose(message, sender=sender, domain=domain, answer_to=answer_to, now=now)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._deliver, server, mail)
        return Accepted(provider_id=mail["Message-ID"])

    def close(self) -> None:
        """Hang up all connections; for the end of a process."""
        self.connections.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, server: Server, mail: EmailMessage) -> None:
        try:
            try:
                self._hand_over(server, mail, fresh=False)
            except StaleConnectionError:
                self._hand_over(server, mail, fresh=True)
        except (smtplib.SMTPException, OSError) as error:
            raise refusal(error) from error

    def _hand_over(self, server: Server, mail: EmailMessage, *, fresh: bool) -> None:
        with self.connections.borrow(server, fresh=fresh) as connection:
            connection.send_message(mail)


def _is_page(message: Message) -> bool:
    return bool(message.action_links) and message.subject.startswith(("page:", "digest:"))
