"""Our own SMTP server: it takes mail for addresses of this installation and for nobody else.

An unknown address is refused while the sender still holds the mail (550), a mail is confirmed only
after it is committed (250), and while the database is away the sender is asked to come again (451),
as every mail server does for days.
"""

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, Final, override

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error

from evenfall.integrations.email.inbound.allowance import Allowance
from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import Box, box_of, is_ours
from evenfall.integrations.email.inbound.receiving import Receiver
from evenfall.integrations.email.inbound.short_answers import Answerer
from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_lent_connection
from evenfall.platform.logs import get_logger

CONNECTIONS: Final = 50
CONNECTIONS_OF_ONE: Final = 20
_RECIPIENTS: Final = 20
_UNKNOWN: Final = 5
_ASKED_A_MINUTE: Final = 600
_IDLE_S: Final = 60.0
_AGAIN_AFTER_S: Final = 10.0
_WORKERS: Final = 4
_TARPIT_S: Final = 1.0

_KEPT: Final = "250 2.0.0 Kept"
_COME_AGAIN: Final = "451 4.3.0 Cannot keep it now, please try again"
_NO_RELAY: Final = "550 5.7.1 We take no mail for this domain"
_NOBODY: Final = "550 5.1.1 Nobody has this address"
_TOO_MANY: Final = "452 4.5.3 Too many recipients"
_TOO_FAST: Final = "450 4.7.1 Too many requests, please try again later"
_BUSY: Final = b"421 4.3.2 Too many connections, please try again later\r\n"

log = get_logger(__name__)
# it logs whole addresses, which are secrets here
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Listener:
    """A thread with an event loop of its own; `start` returns at once."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=self._main, name="mail in", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self.is_listening = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        loop, stopped = self._loop, self._stopped
        if loop is not None and stopped is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stopped.set)
        self._thread.join(timeout_s)

    def _main(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        door = _Door()
        while not self._stopped.is_set():
            try:
                await self._serve_once(door)
            except (OSError, ssl.SSLError) as error:
                log.warning(
                    "mail cannot come in", port=settings.EVENFALL.mail_in_port, problem=str(error)
                )
                await _wait(self._stopped, _AGAIN_AFTER_S)
        door.close()

    async def _serve_once(self, door: "_Door") -> None:
        assert self._stopped is not None  # noqa: S101 - _serve made it
        env, context = settings.EVENFALL, tls_context()
        server = await asyncio.get_running_loop().create_server(
            lambda: door.connection(context), host=env.mail_in_host, port=env.mail_in_port
        )
        async with server:
            self.is_listening.set()
            log.info("mail comes in", host=env.mail_in_host, port=env.mail_in_port)
            await self._stopped.wait()
            server.close()
            door.hang_up()  # closing a server waits for its connections


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return


def tls_context() -> ssl.SSLContext | None:
    """What STARTTLS needs, None where no certificate is set. Raises OSError and SSLError."""
    env = settings.EVENFALL
    if not env.mail_in_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(env.mail_in_certificate, env.mail_in_private_key or None)
    return context


class _Door:
    """Counts the connections and answers what they ask."""

    def __init__(self) -> None:
        self._open: dict[_Connection, str] = {}
        self._asked = Allowance(_ASKED_A_MINUTE, timedelta(minutes=1))
        self._threads = ThreadPoolExecutor(_WORKERS, thread_name_prefix="mail in")
        self._receiver = Receiver()
        self._answerer = Answerer()

    def connection(self, context: ssl.SSLContext | None) -> "_Connection":
        env = settings.EVENFALL
        return _Connection(
            self,
            data_size_limit=env.mail_in_largest,
            enable_SMTPUTF8=True,
            hostname=env.mail_in_address.rpartition("@")[2],
            ident="Evenfall",
            tls_context=context,
            timeout=_IDLE_S,
            loop=asyncio.get_running_loop(),
        )

    def enters(self, connection: "_Connection", peer: str) -> bool:
        """Note a connection; False where there are too many."""
        same = sum(1 for other in self._open.values() if other == peer)
        if len(self._open) >= CONNECTIONS or same >= CONNECTIONS_OF_ONE:
            return False
        self._open[connection] = peer
        return True

    def leaves(self, connection: "_Connection") -> None:
        self._open.pop(connection, None)

    def hang_up(self) -> None:
        for connection in list(self._open):
            if connection.transport is not None:
                connection.transport.close()

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    # what aiosmtpd calls

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self,
        server: "_Connection",
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if not is_ours(address):
            return _NO_RELAY
        if server.unknown >= _UNKNOWN:
            await asyncio.sleep(_TARPIT_S)
            return _NOBODY
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return _TOO_MANY
        if not self._asked.take(server.peer, now=utc_now()):
            return _TOO_FAST
        return await self._look_up(server, envelope, address)

    async def _look_up(self, server: "_Connection", envelope: Envelope, address: str) -> str:
        try:
            box = await self._work(lambda: box_of(address, now=utc_now()))
        except _AWAY:
            return _COME_AGAIN
        if box is None:
            server.unknown += 1
            return _NOBODY
        envelope.rcpt_tos.append(address)
        server.boxes[address] = box
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: "_Connection", _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        arrived = Arrived(raw=raw, envelope_sender=envelope.mail_from or "", at=utc_now())
        boxes = [server.boxes[address] for address in dict.fromkeys(envelope.rcpt_tos)]
        try:
            answers = await self._work(lambda: self._receiver.receive(arrived, boxes))
        except _AWAY:
            log.exception("a mail could not be kept; its sender will come again")
            return _COME_AGAIN
        if answers:
            send = partial(self._answerer.send, answers, now=arrived.at)
            self._threads.submit(in_lent_connection, send)
        return _KEPT

    async def handle_exception(self, error: Exception) -> str:
        log.warning("a mail connection failed", problem=f"{type(error).__name__}: {error}")
        return _COME_AGAIN

    async def _work[T](self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, in_lent_connection, act
        )


# whatever goes wrong with one mail, its sender keeps it and tries again
_AWAY: Final = (Error, OSError, RuntimeError, ValueError, LookupError, TypeError)


class _Connection(SMTP):
    """One connection; turned away at once where there are too many."""

    # RFC 5321 allows 1,000; HTML of one long line is common, and no reason to lose an alert
    line_length_limit = 100_000

    def __init__(self, door: _Door, **options: Any) -> None:  # noqa: ANN401 - what SMTP takes
        super().__init__(door, **options)
        self._door = door
        self._is_in = False
        self.peer = ""
        self.unknown = 0  # addresses asked for that nobody has
        self.boxes: dict[str, Box] = {}

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        # STARTTLS makes the same connection a second time
        self._is_in = self._is_in or self._door.enters(self, self.peer)
        if self._is_in:
            super().connection_made(transport)
            return
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP
        transport.write(_BUSY)
        transport.close()

    @override
    def data_received(self, data: bytes) -> None:
        if self._is_in:
            super().data_received(data)

    @override
    def eof_received(self) -> bool | None:
        return super().eof_received() if self._is_in else False

    @override
    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_in:
            return
        self._door.leaves(self)
        super().connection_lost(error)
