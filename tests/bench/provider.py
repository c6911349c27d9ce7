"""A provider that notes when each address is first called, on a thread of its own."""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import override

_PURPOSE = re.compile(rb'"purpose":\s*"(\w+)"')
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"


class Provider:
    """`first` is when a path was first called with a page (`time.perf_counter`), `calls` how often.

    What comes without saying its purpose, as from another tool, counts too.
    """

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.first: dict[str, float] = {}
        self.calls: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def called(self, path: str) -> None:
        now = time.perf_counter()
        with self._changed:
            self.calls[path] += 1
            self.first.setdefault(path, now)
            self._changed.notify_all()

    def forget(self) -> None:
        """Start to count anew."""
        with self._changed:
            self.first.clear()
            self.calls.clear()

    def wait_for(self, paths: set[str], timeout_s: float) -> bool:
        """Wait until each of these was called; False when time ran out first."""
        with self._changed:
            return self._changed.wait_for(lambda: paths <= self.first.keys(), timeout_s)

    async def _listen(self) -> None:
        server = await self._loop.create_server(
            lambda: _Connection(self), "127.0.0.1", 0, backlog=2048
        )
        self.port = server.sockets[0].getsockname()[1]


def _is_page(request: bytes) -> bool:
    """Whether it is a page: by night people are also asked whether they have too much."""
    purpose = _PURPOSE.search(request)
    return purpose is None or purpose[1] == b"page"


class _Connection(asyncio.Protocol):
    """Takes one request after another and answers each after the provider's delay."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._buffer = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._next_request()) is not None:
            if _is_page(request):
                self._provider.called(request.split(b" ", 2)[1].decode())
            asyncio.get_running_loop().call_later(
                self._provider.delay_s, self._transport.write, ANSWER
            )

    def _next_request(self) -> bytes | None:
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        lengths = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ]
        length = sum(lengths)
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        return head + separator + rest[:length]


@contextmanager
def provider() -> Iterator[Provider]:
    running = Provider()
    running.start()
    try:
        yield running
    finally:
        running.stop()
