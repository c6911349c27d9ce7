"""Requests at a fixed rate, whether or not the earlier ones are answered.

A latency is taken from when the request ought to have been sent, so a server that stalls is not
spared the requests that would have come meanwhile.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import override

CONNECTIONS = 64


class _Connection(asyncio.Protocol):
    """Sends one request after another; answers come in the same order."""

    def __init__(self, answered: Callable[[float], None]) -> None:
        self._answered = answered
        self._due: deque[float] = deque()
        self._buffer = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, request: bytes, due: float) -> None:
        self._due.append(due)
        self._transport.write(request)

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            assert self._buffer.startswith(b"HTTP/1.1 200"), self._buffer[:200]
            self._buffer = self._buffer[end + 4 :]
            self._answered((time.perf_counter() - self._due.popleft()) * 1000)


async def paced(port: int, path: str, *, rate: int, seconds: int) -> list[float]:
    """Send new alerts at `rate` a second; return each one's latency in milliseconds."""
    taken: list[float] = []
    done = asyncio.Event()

    def answered(latency_ms: float) -> None:
        taken.append(latency_ms)
        if len(taken) == rate * seconds:
            done.set()

    connections = [await _connect(port, answered) for _ in range(CONNECTIONS)]
    start = time.perf_counter() + 0.1
    for number in range(rate * seconds):
        due = start + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        connections[number % CONNECTIONS].send(_request(path, number), due)
    await done.wait()
    return taken


async def _connect(port: int, answered: Callable[[float], None]) -> _Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: _Connection(answered), "127.0.0.1", port)
    return connection


def _request(path: str, number: int) -> bytes:
    body = (
        f'[{{"labels":{{"alertname":"CPUHigh","instance":"steady{time.time_ns()}-{number}",'
        '"severity":"critical"},"annotations":{"summary":"CPU high"}}]'
    )
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
