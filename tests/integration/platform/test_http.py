"""Outgoing requests on real sockets."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings

from evenfall.platform import http
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, OutgoingTimeout, outgoing

Serve = Callable[[bytes], Awaitable[int]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Give a function that starts a server which answers everything with these bytes."""
    servers: list[asyncio.Server] = []

    async def start(answer: bytes) -> int:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            if not answer:
                await reader.read()  # stay silent until the client goes
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()


async def test_post_returns_any_answer(serve: Serve) -> None:
    port = await serve(b"HTTP/1.1 410 Gone\r\nX-Why: moved\r\nContent-Length: 2\r\n\r\nno")
    answer = await outgoing.post(f"http://127.0.0.1:{port}/x", content=b"hello", headers={})
    assert (answer.status, answer.headers["x-why"], answer.body) == (410, "moved", b"no")


async def test_a_private_address_is_refused_after_resolving(serve: Serve) -> None:
    port = await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    strict = replace(settings.EVENFALL, allow_private_addresses=())
    await outgoing.close()
    with override_settings(EVENFALL=strict), pytest.raises(OutgoingRefused, match=r"127\.0\.0\.1"):
        await outgoing.get(f"http://localhost:{port}/")


async def test_a_silent_server_is_a_timeout(serve: Serve) -> None:
    port = await serve(b"")
    with pytest.raises(OutgoingTimeout, match=r"0\.2 s"):
        await outgoing.get(f"http://127.0.0.1:{port}/", timeout_s=0.2)


async def test_nobody_there_is_a_failure() -> None:
    with pytest.raises(OutgoingFailed, match=r"127\.0\.0\.1"):
        await outgoing.get("http://127.0.0.1:9/")


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "nonsense", "http://"])
async def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(OutgoingFailed):
        await outgoing.get(url)


async def test_a_huge_answer_is_cut(serve: Serve) -> None:
    body = b"x" * (http.MOST_BYTES + 100_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    port = await serve(head + body)
    answer = await outgoing.get(f"http://127.0.0.1:{port}/")
    assert len(answer.body) == http.MOST_BYTES


async def test_a_redirect_is_an_answer_and_not_followed(serve: Serve) -> None:
    port = await serve(
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    )
    answer = await outgoing.get(f"http://127.0.0.1:{port}/")
    assert answer.status == 302


def test_allowed_networks_are_networks() -> None:
    assert ipaddress.ip_network("127.0.0.0/8") in settings.EVENFALL.allow_private_addresses
