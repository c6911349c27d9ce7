"""Open SMTP connections, kept for the next mail."""

import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from msgspec import Struct

IDLE_S: Final = 20.0  # shorter than the patience of common servers
TIMEOUT_S: Final = 9.0  # for each network step; the sender's own limit is ten seconds


class Server(Struct, frozen=True, kw_only=True):
    """Where mail goes. `security` is "starttls", "tls" or "none"."""

    host: str
    port: int
    user: str
    password: str
    security: str


class StaleConnectionError(Exception):
    """The server had closed a kept connection; a fresh one may work."""


class Connections:
    """A stack of idle connections: the warmest one is used first. Safe between threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle: list[tuple[Server, smtplib.SMTP, float]] = []
        self._lock = threading.Lock()
        self._clock = clock

    @contextmanager
    def borrow(self, server: Server, *, fresh: bool = False) -> Iterator[smtplib.SMTP]:
        """A connection that is signed in. It is kept when the block succeeds.

        Raises StaleConnectionError, and whatever smtplib raises.
        """
        kept = None if fresh else self._warm(server)
        connection = kept or _connect(server)
        try:
            yield connection
        except smtplib.SMTPServerDisconnected as error:
            _quit(connection)
            # after a time-out the mail may have arrived, and a second wait would be too long
            if kept is not None and not isinstance(error.__context__, TimeoutError):
                raise StaleConnectionError from error
            raise
        except BaseException:
            _quit(connection)
            raise
        with self._lock:
            self._idle.append((server, connection, self._clock()))

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for _, connection, _ in idle:
            _quit(connection)

    def _warm(self, server: Server) -> smtplib.SMTP | None:
        """The connection that was used last; those that are cold or of old settings are closed."""
        oldest = self._clock() - IDLE_S
        with self._lock:
            cold = [item for item in self._idle if item[0] != server or item[2] < oldest]
            self._idle = [item for item in self._idle if item[0] == server and item[2] >= oldest]
            found = self._idle.pop()[1] if self._idle else None
        for _, connection, _ in cold:
            _quit(connection)
        return found


def _connect(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        _quit(connection)
        raise
    return connection


def _quit(connection: smtplib.SMTP) -> None:
    """Hang up without waiting for a goodbye."""
    with suppress(OSError, smtplib.SMTPException):
        connection.close()
