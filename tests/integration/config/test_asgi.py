"""Requests as the web process works on them: one thread each, and no connection kept."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import signals
from django.db import connections
from msgspec import Struct, field
from tests.factories.identity import make_user, signed_in

from evenfall.config.asgi import OneThread

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20.0


class Asked(Struct, weakref=True):
    """A browser that is signed in, one thread for its requests, and what was told of each.

    `held`: whether the thread held a connection when each message was sent.
    """

    door: OneThread
    threads: ThreadPoolExecutor
    cookie: bytes
    told: list[tuple[str, str]] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def note_start(self, **_: object) -> None:
        self.told.append(("started", threading.current_thread().name))

    def note_end(self, **_: object) -> None:
        self.told.append(("finished", threading.current_thread().name))

    def holds_connection(self) -> bool:
        return self.threads.submit(lambda: connections["default"].connection is not None).result()

    async def get(
        self, path: str, query: bytes = b"", *, leaves_after: int | None = None
    ) -> list[Mapping[str, Any]]:
        """What is sent; the browser goes away after so many messages, or stays."""
        sent, gone = list[Mapping[str, Any]](), asyncio.Event()
        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Mapping[str, Any]:
            if (first := next(asked, None)) is not None:
                return first
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)
            self.held.append(self.holds_connection())
            if len(sent) == leaves_after:
                gone.set()

        headers = [(b"host", b"testserver"), (b"cookie", self.cookie)]
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
        scope |= {"query_string": query, "headers": headers, "scheme": "http"}
        async with asyncio.timeout(PATIENCE_S):
            await self.door(scope, receive, send)
        return sent


@pytest.fixture
def asked() -> Iterator[Asked]:
    browser = signed_in(make_user(role="admin"))
    cookie = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
    with ThreadPoolExecutor(1, thread_name_prefix="request") as threads:
        found = Asked(door=OneThread(threads), threads=threads, cookie=cookie.encode())
        signals.request_started.connect(found.note_start)
        signals.request_finished.connect(found.note_end)
        try:
            yield found
        finally:
            signals.request_started.disconnect(found.note_start)
            signals.request_finished.disconnect(found.note_end)
            threads.submit(connections.close_all).result()


def body_of(sent: list[Mapping[str, Any]]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def test_one_thread_works_on_a_page_and_keeps_no_connection(asked: Asked) -> None:
    for _ in range(2):
        sent = asyncio.run(asked.get("/teams/"))
        assert sent[0]["status"] == 200
        assert b"</html>" in body_of(sent)
    assert not any(asked.held)
    assert asked.told == [("started", "request_0"), ("finished", "request_0")] * 2


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous")
def test_a_download_is_sent_whole(asked: Asked) -> None:
    sent = asyncio.run(asked.get("/audit/export.csv"))
    assert sent[0]["status"] == 200
    assert body_of(sent).startswith(b"id,at,actor")
    assert not any(asked.held)
    assert [what for what, _ in asked.told] == ["started", "finished"]


def test_an_open_page_holds_no_connection_and_may_leave(asked: Asked) -> None:
    start, hello, first, *_ = asyncio.run(asked.get("/live", b"topics=alert", leaves_after=3))
    assert (start["status"], hello["body"]) == (200, b": hello\n\n")
    assert b"data: *" in first["body"]
    assert asked.held == [False, False, False]
    assert [what for what, _ in asked.told] == ["started", "finished"]


def test_what_cannot_be_read_is_refused_before_any_view(asked: Asked) -> None:
    sent = asyncio.run(asked.get("/teams/", b"\xff"))
    assert sent[0]["status"] == 400
    assert [what for what, _ in asked.told] == ["started", "finished"]
