"""A real HTTP server that plays a provider: it keeps what it gets and answers as scripted."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus

from msgspec import Struct, field


class Received(Struct, frozen=True, kw_only=True):
    """One request; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(Struct, frozen=True, kw_only=True):
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hangs: bool = False


type Script = Callable[[Received], Reply]


class Provider(Struct):
    """Change `reply` to change what the next request gets."""

    url: str
    reply: Script
    requests: list[Received] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received = await _read(reader)
        self.requests.append(received)
        reply = self.reply(received)
        if reply.hangs:
            await reader.read()  # until the client gives up
        else:
            writer.write(_wire(reply))
            await writer.drain()
        writer.close()


@asynccontextmanager
async def provider(reply: Reply | Script) -> AsyncIterator[Provider]:
    """A provider on a free port of the loopback."""
    script = reply if callable(reply) else lambda _request: reply
    running = Provider(url="", reply=script)
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield running


@contextmanager
def provider_in_thread(reply: Reply | Script) -> Iterator[Provider]:
    """A provider for those who do not live in an event loop: it has one of its own."""
    found: list[Provider] = []
    ready, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with provider(reply) as running:
            found.append(running)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(5)
        loop.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method=method, path=path, headers=headers, body=body)


def _wire(reply: Reply) -> bytes:
    phrase = HTTPStatus(reply.status).phrase
    headers = {"Content-Length": str(len(reply.body)), "Connection": "close", **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + reply.body
