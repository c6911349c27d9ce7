"""HTTP for senders, and for readers of what is kept, without ceremony.

uvicorn's own protocol makes a task, two futures and four dictionaries for each request. For the
requests of senders we need none of them: this subclass hands the body straight to the intake and
writes the answer when the commit is done. Readers of status pages are answered from memory where
`kept_answers` has what they want. Everything else, and a request that arrives on a
connection whose previous one is not answered yet, goes uvicorn's way.
"""

import asyncio
import time
from functools import lru_cache
from http import HTTPStatus
from typing import Any, override

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from evenfall.alerting.ports import Answer, Refusal
from evenfall.config import intake_routes, kept_answers
from evenfall.config.intake_routes import Route
from evenfall.config.kept_answers import Answer as KeptAnswer

HEADERS_LIMIT = 65_536
SLOW_REQUEST_S = 30.0
IDLE_S = 120.0
_RETRY_AFTER = b"retry-after: 2\r\n"
_FINE = b"HTTP/1.1 200 OK\r\n"
_NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# lengths of "expect" and "content-encoding": the only headers that matter to us
_TELLING = frozenset({6, 16})
_UPGRADING = frozenset({b"connection", b"upgrade", b"http2-settings"})


class _Nobody:
    """Stands for the event that uvicorn sets on a cycle; nobody waits for ours."""

    def set(self) -> None:
        """Do nothing."""


_NOBODY = _Nobody()


class Turn:
    """One request and its answer. It is a cycle, as far as uvicorn looks at those."""

    __slots__ = (
        "answered",
        "disconnected",
        "keep_alive",
        "message_event",
        "protocol",
        "response_complete",
    )

    def __init__(self, protocol: "DoorProtocol", *, keep_alive: bool) -> None:
        self.protocol = protocol
        self.keep_alive = keep_alive
        self.answered = False
        self.response_complete = False
        self.disconnected = False
        self.message_event = _NOBODY

    def add(self, part: bytes) -> None:
        """Take a part of the body."""

    def complete(self) -> None:
        """Answer; all of the request is there."""


class Reading(Turn):
    """A reader's request for what is kept in memory; a body means nothing."""

    __slots__ = ("kept", "tags")

    def __init__(
        self, protocol: "DoorProtocol", kept: KeptAnswer, tags: bytes, *, keep_alive: bool
    ) -> None:
        super().__init__(protocol, keep_alive=keep_alive)
        self.kept = kept
        self.tags = tags

    @override
    def complete(self) -> None:
        self.answered = self.response_complete = True
        self.protocol.tell(self, self.kept, is_known=kept_answers.is_known(self.kept, self.tags))


class Exchange(Turn):
    """One request of a sender and its answer."""

    __slots__ = ("body", "route", "size")

    def __init__(
        self, protocol: "DoorProtocol", route: Route, kept: bytes, *, keep_alive: bool
    ) -> None:
        super().__init__(protocol, keep_alive=keep_alive)
        self.route = route
        self.body: list[bytes] = [kept] if kept else []
        self.size = 0

    @override
    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > self.route.limit:
            self.refuse(Refusal.TOO_LARGE)
        else:
            self.body.append(part)

    def refuse(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> None:
        """Answer before all of the body was read; the connection cannot be used again."""
        self.keep_alive = False
        self.reply(self.route.format.refused(refusal, errors))

    @override
    def complete(self) -> None:
        body = self.body[0] if len(self.body) == 1 else b"".join(self.body)
        self.body = []
        intake = self.protocol.app_state["intake"]
        intake.receive(self.route.format, self.route.key, body, self.reply)

    def reply(self, answer: Answer) -> None:
        if self.answered:
            return
        self.answered = self.response_complete = True
        self.protocol.answer(self, answer)


class DoorProtocol(HttpToolsProtocol):
    """One connection. `exchange` is there while we answer ourselves, also as the cycle."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(*args, **kwargs)
        self.exchange: Turn | None = None
        self.active_at = time.monotonic()
        self.header_bytes = 0
        self.is_encoded = False
        self.is_upgrading = False

    @override
    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._decline_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("This is not an HTTP request.")

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read a request anew as if it had not offered another protocol.

        Java's HTTP client offers HTTP/2 with every plain request. The parser stops after the
        headers then, so that the body, the alert itself, would be lost.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("This is no proxy.")
            return
        kept = [pair for pair in self.headers if pair[0].lower() not in _UPGRADING]
        lines = [method + b" " + self.url + b" HTTP/1.1", *map(b": ".join, kept)]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join(lines) + b"\r\n\r\n" + rest)

    @override
    def on_message_begin(self) -> None:
        """Leave the scope to requests that need one."""
        self.url = b""
        self.headers = []
        self.header_bytes = 0
        self.expect_100_continue = False
        self.is_encoded = False
        self.is_upgrading = False
        self.active_at = time.monotonic()

    @override
    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > HEADERS_LIMIT:
            self.transport.close()

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))
        self.header_bytes += len(name) + len(value)
        if self.header_bytes > HEADERS_LIMIT:
            self.transport.close()
        if len(name) in _TELLING:
            lowered = name.lower()
            if lowered == b"expect":
                self.expect_100_continue = value.lower() == b"100-continue"
            elif lowered == b"content-encoding":
                self.is_encoded = value.lower() != b"identity"

    @override
    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade():
            self.is_upgrading = True
            return
        route = None if self._is_answering() else self._route()
        if route is None:
            self.exchange = self._reading()
            if self.exchange is None:
                self._go_uvicorns_way()
            else:
                self.cycle = self.exchange  # type: ignore[assignment] # as below
            return
        route, kept = self._heard(route)
        exchange = Exchange(self, route, kept, keep_alive=self.parser.should_keep_alive())
        self.exchange = exchange
        self.cycle = exchange  # type: ignore[assignment] # has all that uvicorn reads of a cycle
        if self.is_encoded:
            exchange.refuse(Refusal.INVALID, ("Send the body without Content-Encoding.",))
        elif self.expect_100_continue:
            self.transport.write(_CONTINUE)

    def _reading(self) -> Reading | None:
        """What is kept in memory for this request, if anything is."""
        if self._is_answering() or self.expect_100_continue:
            return None
        asked = kept_answers.asked_for(self.parser.get_method(), self.url, self.headers)
        kept = asked and self.app_state["kept"].find(asked[0], time.monotonic())
        if not asked or not kept:
            return None
        return Reading(self, kept, asked[1], keep_alive=self.parser.should_keep_alive())

    def _is_answering(self) -> bool:
        cycle: object = self.cycle  # None before the first request
        return cycle is not None and not self.cycle.response_complete

    def _route(self) -> Route | None:
        if self.parser.get_method() not in intake_routes.METHODS:
            return None
        path, _, _ = self.url.partition(b"?")
        return intake_routes.find(path.decode("latin-1"))

    def _heard(self, route: Route) -> tuple[Route, bytes]:
        if route.hear is None:
            return route, b""
        method = self.parser.get_method().decode("latin-1")
        return intake_routes.heard(route, method=method, url=self.url, headers=self.headers)

    def _go_uvicorns_way(self) -> None:
        """Do what uvicorn would have done from the beginning of the message."""
        url, expects = self.url, self.expect_100_continue
        headers = [(name.lower(), value) for name, value in self.headers]
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        exchange = self.exchange
        if exchange is None:
            super().on_body(body)
        elif not exchange.answered:
            exchange.add(body)

    @override
    def on_message_complete(self) -> None:
        exchange = self.exchange
        if self.is_upgrading:
            return  # nothing is complete: _decline_upgrade comes next
        if exchange is None:
            super().on_message_complete()
        elif not exchange.answered:
            exchange.complete()

    def answer(self, exchange: Exchange, answer: Answer) -> None:
        """Write the answer of an exchange; a queued request may follow it."""
        # uvicorn's default headers are the date alone, made anew each second
        date = self.server_state.default_headers[0][1]
        size = len(answer.body)
        head = _head(answer.status, answer.content_type, size, exchange.keep_alive, date)
        self._write(exchange, head + answer.body if size else head)

    def tell(self, reading: Reading, kept: KeptAnswer, *, is_known: bool) -> None:
        """Write what is kept, or that the reader has it already."""
        date = b"date: %b\r\n" % self.server_state.default_headers[0][1]
        end = b"\r\n" if reading.keep_alive else b"connection: close\r\n\r\n"
        if is_known:
            self._write(reading, b"".join((_NOT_MODIFIED, date, kept.short_head, end)))
        else:
            self._write(reading, b"".join((_FINE, date, kept.head, end, kept.body)))

    def _write(self, exchange: Turn, answer: bytes) -> None:
        if exchange.disconnected or self.transport.is_closing():
            return
        self.transport.write(answer)
        self.active_at = time.monotonic()
        self.server_state.total_requests += 1
        if not exchange.keep_alive:
            self.transport.close()
        elif self.pipeline:
            self.on_response_complete()

    def close_if_slow(self, now: float) -> None:
        """Close a connection that is idle, or takes for ever to send a request."""
        cycle: object = self.cycle  # None before the first request
        quiet_s = now - self.active_at
        if isinstance(cycle, Turn) and cycle.answered:
            limit_s = IDLE_S
        elif cycle is None or isinstance(cycle, Turn):
            limit_s = SLOW_REQUEST_S
        else:
            return  # uvicorn looks after its own
        if quiet_s > limit_s and not self.transport.is_closing():
            self.transport.close()


@lru_cache(maxsize=1024)
def _head(status: int, content_type: str, length: int, keep_alive: bool, date: bytes) -> bytes:  # noqa: FBT001 - a cache key
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode(),
        b"date: " + date + b"\r\n",
    ]
    if length:
        lines.append(f"content-type: {content_type}\r\n".encode())
    lines.append(f"content-length: {length}\r\n".encode())
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append(_RETRY_AFTER)
    if not keep_alive:
        lines.append(b"connection: close\r\n")
    return b"".join([*lines, b"\r\n"])


async def watch_connections(state: ServerState) -> None:
    """Close idle and endless connections, for ever. One pass every few seconds costs no timers."""
    while True:
        await asyncio.sleep(5.0)
        now = time.monotonic()
        for connection in list(state.connections):
            if isinstance(connection, DoorProtocol):
                connection.close_if_slow(now)
