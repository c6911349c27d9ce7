"""Outgoing requests on real sockets."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from tests.factories.certificates import certificate

from evenfall.platform import http
from evenfall.platform.http import (
    OutgoingFailed,
    OutgoingRefused,
    OutgoingTimeout,
    OutgoingUntrusted,
    outgoing,
)

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


async def test_an_address_in_the_clothes_of_a_number_is_refused() -> None:
    with pytest.raises(OutgoingFailed, match="2130706433"):
        await outgoing.get("http://2130706433/")


async def test_a_header_with_two_lines_is_not_sent(serve: Serve) -> None:
    port = await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(OutgoingFailed, match=r"127\.0\.0\.1"):
        await outgoing.get(f"http://127.0.0.1:{port}/", headers={"X": "a\r\nHost: elsewhere"})


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/a%2Fb?q=%27x%27&r#here", "/a%2Fb?q=%27x%27&r"),
        ("/ä b", "/%C3%A4%20b"),
        ("/a\r\nHost: elsewhere", "/aHost:%20elsewhere"),
    ],
)
async def test_an_address_is_asked_for_as_it_is_written_without_its_user(
    written: str, asked: str
) -> None:
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await outgoing.get(f"http://me:secret@127.0.0.1:{port}{written}")
    server.close()
    lines = heard[0].decode().split("\r\n")
    assert lines[0] == f"GET {asked} HTTP/1.1"
    names = {line.partition(":")[0].lower() for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept"}


async def test_a_kept_connection_that_ends_unanswered_is_replaced_once() -> None:
    heard: list[int] = []

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        heard.append(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        heard.append(2)
        writer.close()  # as a server does whose time for idle connections is over

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    for _ in range(3):
        assert (await outgoing.post(url, content=b"", headers={})).status == 200
    assert heard == [1, 2, 1, 2, 1]
    server.close()


async def test_a_new_connection_that_ends_unanswered_is_a_failure() -> None:
    heard: list[int] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        heard.append(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    with pytest.raises(OutgoingFailed):
        await outgoing.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()


async def test_a_kept_connection_is_used_again_until_its_server_leaves() -> None:
    writers: list[asyncio.StreamWriter] = []
    client_left = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        client_left.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    for _ in range(3):
        await outgoing.post(url, content=b"", headers={})
    assert len(writers) == 1
    writers[0].write_eof()
    await client_left.wait()
    assert (await outgoing.post(url, content=b"", headers={})).status == 200
    assert len(writers) == 2
    for writer in writers:
        writer.close()
    server.close()


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


def test_a_loop_that_ends_leaves_nothing_open() -> None:
    def answer() -> bytes:
        with listening.accept()[0] as connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            connection.settimeout(10.0)
            return connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as aside:
        last_words = aside.submit(answer)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert asyncio.run(outgoing.get(url)).status == 200
        assert last_words.result() == b""


def test_allowed_networks_are_networks() -> None:
    assert ipaddress.ip_network("127.0.0.0/8") in settings.EVENFALL.allow_private_addresses


@pytest.fixture
async def encrypted(tmp_path: Path) -> AsyncIterator[tuple[int, str]]:
    """The port of a server with TLS, and the certificate (PEM) that it signed itself."""
    made = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.chain, made.key)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    yield int(server.sockets[0].getsockname()[1]), made.chain.read_text()
    server.close()


async def test_an_authority_may_be_named_for_one_request(encrypted: tuple[int, str]) -> None:
    port, pem = encrypted
    for host in ("localhost", "127.0.0.1"):
        answer = await outgoing.request("GET", f"https://{host}:{port}/", headers={}, authority=pem)
        assert answer.body == b"ok"


async def test_an_unknown_authority_is_said(encrypted: tuple[int, str], tmp_path: Path) -> None:
    port, _ = encrypted
    other = certificate(tmp_path, "other.example.org").chain.read_text()
    for authority in ("", other):
        with pytest.raises(OutgoingUntrusted, match="self-signed certificate"):
            await outgoing.request(
                "GET", f"https://localhost:{port}/", headers={}, authority=authority
            )


async def test_an_authority_changes_nothing_of_the_guard(encrypted: tuple[int, str]) -> None:
    port, pem = encrypted
    strict = replace(settings.EVENFALL, allow_private_addresses=())
    with override_settings(EVENFALL=strict), pytest.raises(OutgoingRefused):
        await outgoing.request("GET", f"https://localhost:{port}/", headers={}, authority=pem)


@pytest.mark.parametrize("text", ["no certificate", "ü", "-----BEGIN CERTIFICATE-----\nx"])
def test_what_is_no_authority_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="PEM"):
        http.trusting(text)
