"""What a worker runs so that mail comes in: the SMTP server and the reader of the mailbox."""

from typing import Protocol

from django.conf import settings

from evenfall.platform.logs import get_logger

log = get_logger(__name__)


class Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class MailIn:
    """Starts what the settings turn on; nothing without an address."""

    def __init__(self) -> None:
        env = settings.EVENFALL
        self._parts: list[Part] = []
        if not env.mail_in_address:
            if env.mail_in_port or env.imap_host:
                log.warning("no mail comes in: EVENFALL_MAIL_IN_ADDRESS is not set")
            return
        if env.mail_in_port:
            from evenfall.integrations.email.inbound.listener import Listener  # noqa: PLC0415 - 2 MB

            self._parts.append(Listener())
        if env.imap_host:
            from evenfall.integrations.email.inbound.mailbox import Mailbox  # noqa: PLC0415 - 1 MB

            self._parts.append(Mailbox())

    def start(self) -> None:
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        for part in self._parts:
            part.stop()
