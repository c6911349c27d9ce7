"""Probes against real servers on the loopback: TCP, TLS, mail, DNS; and pings."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, override

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from tests.factories.certificates import certificate
from tests.factories.http_provider import Reply, provider

from evenfall.integrations.probes.icmp import IcmpProbe
from evenfall.monitors import ports
from evenfall.monitors.logic.fields import sorted_settings
from evenfall.monitors.ports import Flaw, Look, Result
from evenfall.platform.clock import utc_now

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NAMES = {one.name: one for one in ports.probe_kinds()}


async def look(kind: str, limit_s: str = "2", **said: str) -> Look:
    """One look, with settings as they are stored."""
    probe = NAMES[kind]
    settings = sorted_settings(probe.fields, said, {})
    both = {**settings.settings, **settings.secrets}
    probe.check(both)
    assert probe.target(both)
    return await probe.look(both, now=utc_now(), time_limit_s=float(limit_s))


@asynccontextmanager
async def served(serve: Serve, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The port of a server."""

    async def safely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(safely, "127.0.0.1", 0, ssl=context)
    async with server:
        yield str(server.sockets[0].getsockname()[1])


async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer
    await reader.read()


async def redis(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    assert await reader.readline() == b"PING\r\n"
    writer.write(b"+PO")
    await writer.drain()
    writer.write(b"NG\r\n")
    await writer.drain()


async def test_a_port_takes_connections_and_answers() -> None:
    async with served(redis) as port:
        good = await look("tcp", host="127.0.0.1", port=port, send="PING\\r\\n", expect="+PONG")
        assert (good.result, good.note) == (Result.GOOD, "It answered as expected.")
        assert good.duration_ms is not None
        other = await look("tcp", host="127.0.0.1", port=port, send="PING\\r\\n", expect="+OK")
        assert (other.result, other.note) == (Result.BAD, "It answered “+PONG”.")
        plain = await look("tcp", host="localhost", port=port)
        assert plain.note == "It takes connections."
    gone = await look("tcp", host="127.0.0.1", port=port)
    assert gone.note == "It cannot be reached: the connection was refused."


async def test_a_port_that_says_nothing_is_given_up_in_time() -> None:
    async with served(nothing) as port:
        silent = await look("tcp", "0.1", host="127.0.0.1", port=port, expect="x")
    assert (silent.result, silent.note) == (Result.BAD, "No answer within 0.1 s.")


async def test_a_forbidden_address_is_unknown() -> None:
    for kind, said in (
        ("tcp", {"host": "10.0.0.7", "port": "1"}),
        ("tls", {"host": "169.254.169.254"}),
        ("http", {"url": "http://192.168.1.1/"}),
        ("dns", {"record": "example.org", "resolver": "10.0.0.53"}),
        ("icmp", {"host": "10.0.0.7"}),
    ):
        found = await look(kind, **said)
        assert found.result is Result.UNKNOWN, kind
        assert "EVENFALL_ALLOW_PRIVATE_ADDRESSES" in found.note


def tls_context(folder: Path, days: float) -> tuple[ssl.SSLContext, str]:
    """What a server shows, and the PEM that trusts it."""
    made = certificate(folder, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    return context, made.chain.read_text()


@pytest.mark.parametrize(
    ("days", "result", "warning"),
    [
        (60, Result.GOOD, ""),
        (12.5, Result.GOOD, "The certificate ends in 12 days."),
        (3, Result.BAD, ""),
    ],
)
async def test_a_certificate_that_ends_soon(
    days: float, result: Result, warning: str, tmp_path: Path
) -> None:
    context, authority = tls_context(tmp_path, days)
    async with served(nothing, context) as port:
        found = await look(
            "tls", host="localhost", port=port, trust="authority", authority=authority
        )
    assert (found.result, found.warning) == (result, warning)
    assert found.value == pytest.approx(days, abs=0.1)
    assert "localhost" in found.details["Names"]


async def test_a_certificate_that_is_over_has_another_name_or_no_authority(tmp_path: Path) -> None:
    context, authority = tls_context(tmp_path, -0.5)
    pinned = {"trust": "authority", "authority": authority}
    async with served(nothing, context) as port:
        over = await look("tls", host="localhost", port=port, **pinned)
        assert over.note == "The certificate is not trusted: certificate has expired."
        any_date = await look("tls", host="localhost", port=port, trust="any")
        assert any_date.note.startswith("The certificate ended on")
        stranger = await look("tls", host="localhost", port=port)
        assert "self-signed" in stranger.note
    context, authority = tls_context(tmp_path, 60)
    pinned["authority"] = authority
    async with served(nothing, context) as port:
        wrong = await look("tls", host="localhost", port=port, server_name="example.org", **pinned)
    assert wrong.result is Result.BAD
    assert "example.org" in wrong.note


async def test_a_mail_server_begins_tls_when_it_is_asked(tmp_path: Path) -> None:
    context, authority = tls_context(tmp_path, 60)

    async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220-mail\r\n220 ready\r\n")
        assert (await reader.readline()).startswith(b"EHLO ")
        writer.write(b"250-mail\r\n250 STARTTLS\r\n")
        assert await reader.readline() == b"STARTTLS\r\n"
        writer.write(b"220 go\r\n")
        await writer.drain()
        await writer.start_tls(context)
        await reader.read()

    async def grumpy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no\r\n")
        await writer.drain()
        await reader.read()

    said = {"host": "localhost", "starttls": "smtp", "trust": "authority", "authority": authority}
    async with served(smtp) as port:
        good = await look("tls", port=port, **said)
    assert (good.result, good.note) == (Result.GOOD, "The certificate ends in 59 days.")
    async with served(grumpy) as port:
        bad = await look("tls", port=port, **said)
    assert bad.note == "It cannot be reached: the mail server answered “554 no”."


async def test_an_https_address_warns_before_its_certificate_ends(tmp_path: Path) -> None:
    context, authority = tls_context(tmp_path, 5)

    async def https(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    async with served(https, context) as port:
        found = await look("http", url=f"https://localhost:{port}/", authority=authority)
        assert (found.result, found.warning) == (Result.GOOD, "The certificate ends in 4 days.")
        stranger = await look("http", url=f"https://localhost:{port}/")
    assert stranger.result is Result.BAD
    assert "not trusted" in stranger.note


async def test_redirects_end_and_slow_answers_are_bad() -> None:
    async with provider(Reply(status=302, headers={"Location": "/again"})) as site:
        looping = await look("http", url=site.url)
        assert "more than 5 redirects" in looping.note
        assert len(site.requests) == 6
    async with provider(Reply(hangs=True)) as site:
        slow = await look("http", "0.1", url=site.url)
    assert slow.note == "No answer within 0.1 s."


class NameServer(asyncio.DatagramProtocol):
    """Answers questions from a table of (name, type) to texts of records."""

    def __init__(self, table: Mapping[tuple[str, str], list[str]]) -> None:
        self.table = table
        self.line: Any = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.line = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        asked = question.question[0]
        answer = dns.message.make_response(question)
        name, kind = asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)
        known = {one for one, _ in self.table}
        if name == "broken.example.":
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in known:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records := self.table.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
        self.line.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def name_server() -> AsyncIterator[str]:
    table = {
        ("www.example.", "A"): ["192.0.2.1", "192.0.2.2"],
        ("example.", "MX"): ["10 mail.example."],
        ("example.", "TXT"): ['"v=spf1 -all"'],
    }
    loop = asyncio.get_running_loop()
    line, _ = await loop.create_datagram_endpoint(
        lambda: NameServer(table), local_addr=("127.0.0.1", 0)
    )
    try:
        yield f"127.0.0.1:{line.get_extra_info('sockname')[1]}"
    finally:
        line.close()


async def test_records_are_what_is_expected() -> None:
    wants = [
        ({"record": "www.example"}, "It answered 192.0.2.1, 192.0.2.2."),
        ({"record": "www.example", "values": "192.0.2.2"}, "It answered 192.0.2.1, 192.0.2.2."),
        (
            {"record": "www.example", "values": "192.0.2.2", "match": "exactly"},
            "Not expected among the answers: 192.0.2.1.",
        ),
        (
            {"record": "www.example", "values": "192.0.2.9\n192.0.2.1"},
            "Missing among the answers: 192.0.2.9.",
        ),
        (
            {"record": "www.example", "values": "192.0.2.9", "match": "any"},
            "None of 192.0.2.9 is among the answers.",
        ),
        (
            {"record": "example", "type": "MX", "values": "10 MAIL.example"},
            "It answered 10 mail.example..",
        ),
        (
            {"record": "example", "type": "TXT", "values": "v=spf1 -all"},
            'It answered "v=spf1 -all".',
        ),
        ({"record": "www.example", "type": "AAAA"}, "There is no AAAA record."),
        ({"record": "gone.example"}, "The name does not exist."),
        ({"record": "broken.example"}, "The name server answered SERVFAIL."),
        (
            {"record": "gone.example", "expect": "nxdomain"},
            "The name does not exist, as expected.",
        ),
        (
            {"record": "www.example", "expect": "nxdomain"},
            "The name should not exist; the answer is NOERROR.",
        ),
    ]
    async with name_server() as resolver:
        for said, note in wants:
            found = await look("dns", resolver=resolver, **said)
            assert found.note == note
            is_good = note.startswith(("It answered", "The name does not exist, as"))
            assert (found.result is Result.GOOD) is is_good


async def test_a_name_server_that_is_silent_is_bad() -> None:
    loop = asyncio.get_running_loop()
    line, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    resolver = f"127.0.0.1:{line.get_extra_info('sockname')[1]}"
    found = await look("dns", "0.1", record="www.example", resolver=resolver)
    line.close()
    assert (found.result, found.note) == (Result.BAD, "No answer within 0.1 s.")


async def test_a_ping_answers_or_says_why_nobody_may() -> None:
    """Whether a process may ping is up to the system that runs the tests."""
    found = await look("icmp", host="127.0.0.1", count="2")
    if found.result is Result.UNKNOWN:
        assert "ping_group_range" in found.note
    else:
        assert found.note.startswith("It answered 2 of 2 requests")
        assert found.value == 0


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [
        ("tcp", "host", {"host": "http://x", "port": "1"}),
        ("tcp", "port", {"host": "x", "port": "70000"}),
        ("tls", "warn_days", {"host": "x", "warn_days": "1"}),
        ("tls", "authority", {"host": "x", "trust": "authority", "authority": "no"}),
        ("dns", "record", {"record": "a..b"}),
        ("dns", "resolver", {"record": "a", "resolver": "1.1.1.1:x"}),
        ("icmp", "count", {"host": "x", "count": "11"}),
        ("icmp", "most_lost", {"host": "x", "most_lost": "100"}),
    ],
)
async def test_settings_that_cannot_work(kind: str, field: str, said: dict[str, str]) -> None:
    with pytest.raises(Flaw) as raised:
        await look(kind, **said)
    assert raised.value.field == field


def test_each_kind_says_what_it_is() -> None:
    assert list(NAMES) == ["http", "tcp", "tls", "dns", "icmp"]
    assert IcmpProbe().target({"host": "db1"}) == "db1"
