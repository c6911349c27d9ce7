"""Socket Mode: connections that we open to Slack, over which taps and commands come.

One process of the installation holds them; a lock of its session with the database sees to that.
What comes is written down before it is acknowledged, and Slack sends again what is not: a crash
repeats and loses nothing.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import psycopg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from evenfall.integrations.slack import inbound
from evenfall.integrations.slack.account import TYPE
from evenfall.integrations.slack.web_api import SlackError, call
from evenfall.notifications import queries
from evenfall.notifications.ports import Account
from evenfall.platform.clock import utc_now
from evenfall.platform.database import dsn, in_lent_connection
from evenfall.platform.errors import DomainError
from evenfall.platform.http import safe_address
from evenfall.platform.logs import get_logger
from evenfall.platform.loops import LoopThread
from evenfall.platform.wakeups import Drain, DrainResult

log = get_logger(__name__)
LONGEST_PAUSE_S: Final = 30.0
MOST_BYTES: Final = 1_000_000
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtext('evenfall.slack.sockets'), 0)"
_PORTS: Final = {"ws": 80, "wss": 443}


class Sockets:
    """The connections of one process: one for each account with an app-level token."""

    def __init__(self) -> None:
        self._session: psycopg.Connection | None = None
        self._loop = LoopThread("slack sockets")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="slack writer")
        self._running: dict[int, tuple[Account, Future[None]]] = {}

    def run(self, now: datetime) -> DrainResult:  # noqa: ARG002 - a drain's signature
        """One pass: open what is missing, close what is switched off or changed."""
        wanted = {one.id: one for one in queries.accounts_of(TYPE) if one.values.get("app_token")}
        if not wanted and not self._running:
            return DrainResult(done=0)
        if not self._is_alone():
            wanted = {}
        for number, (account, _) in list(self._running.items()):
            if wanted.get(number) != account:
                self._close(number)
        for number, account in wanted.items():
            if number not in self._running:
                self._open(account)
        return DrainResult(done=0)

    def stop(self) -> None:
        for number in list(self._running):
            self._close(number)
        if self._session is not None:
            self._session.close()
            self._session = None

    def _is_alone(self) -> bool:
        """Hold the lock as long as the session lives; a session that died held nothing."""
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
            session = psycopg.connect(dsn(), autocommit=True, connect_timeout=5)
            row = session.execute(_LOCK).fetchone()
        except psycopg.OperationalError:
            self._session = None
            return False
        if row is not None and row[0]:
            self._session = session
            return True
        session.close()
        return False

    def _open(self, account: Account) -> None:
        self._loop.start()
        client = Socket(account, write=self._write)
        self._running[account.id] = (account, self._loop.submit(client.run()))

    def _close(self, number: int) -> None:
        _, running = self._running.pop(number)
        running.cancel()

    async def _write(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, in_lent_connection, work)


class Socket:
    """One connection, opened again as long as it is wanted."""

    def __init__(self, account: Account, *, write: Callable[[Callable[[], None]], Any]) -> None:
        self._account = account
        self._write = write
        self._failures = 0

    async def run(self) -> None:
        """Listen until cancelled; what ends before Slack said hello is followed by a pause."""
        while True:
            self._failures += 1
            try:
                await self._listen(await self._address())
            except (SlackError, DomainError, WebSocketException, OSError) as error:
                log.warning("no socket to Slack", account=self._account.id, error=str(error))
            except Exception:
                log.exception("a socket to Slack failed", account=self._account.id)
            if self._failures:
                await asyncio.sleep(min(0.5 * 2 ** min(self._failures, 10), LONGEST_PAUSE_S))

    async def _address(self) -> str:
        """A fresh address: each is good for one connection."""
        opened = await call(self._account, "apps.connections.open", as_app=True)
        return str(opened["url"])

    async def _listen(self, url: str) -> None:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 443)
        host = await safe_address(parts.hostname or "", port)
        async with connect(
            url, host=host, port=port, proxy=None, open_timeout=10, max_size=MOST_BYTES
        ) as socket:
            async for raw in socket:
                if not await self._take(socket, msgspec.json.decode(raw)):
                    return  # Slack wants us to open another one

    async def _take(self, socket: ClientConnection, message: dict[str, Any]) -> bool:
        """Handle one message; False where the connection is about to end."""
        kind = message.get("type")
        if kind == "hello":
            self._failures = 0
        if kind == "disconnect":
            return False
        if "envelope_id" in message:
            await self._write(lambda: self._store(message))
            answer = {"envelope_id": message["envelope_id"]}
            await socket.send(msgspec.json.encode(answer).decode())
        return True

    def _store(self, message: dict[str, Any]) -> None:
        payload, now = message.get("payload") or {}, utc_now()
        if message["type"] == "interactive":
            inbound.take_interaction(self._account.id, payload, now=now)
        elif message["type"] == "slash_commands":
            inbound.take_command(self._account.id, payload, now=now)


SOCKETS = Sockets()
DRAINS = (Drain(name="slack.sockets", lane="chat", run=SOCKETS.run),)
