"""The one way out: a guarded HTTP client.

Addresses that are private, loopback, link-local or otherwise not public are refused unless a
setting allows their network. The check is made on the resolved address that is then connected to,
for each connection, so neither DNS nor a redirect gets around it. Answers are limited in size,
requests in time. Redirects are not followed.
"""

import asyncio
import functools
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Final

import aiohttp
import certifi
from django.conf import settings
from msgspec import Struct
from yarl import URL

from evenfall.platform.errors import DomainError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_BYTES = 1_000_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
# global by the book, yet of the own site or router: site-local and segment routing
_ODD = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("5f00::/16"))
MOST_CONNECTIONS = 256  # of each event loop
_LONGEST_HEADER = 65_536
_VISIBLE: Final = re.compile(r"[!-~]+")  # of ASCII
# Nothing is sent but what is asked for, and what comes is not unpacked.
_NOT_BY_ITSELF: Final = ("Accept-Encoding", "Content-Type")


class OutgoingFailed(DomainError):
    """The request to {host} failed: {reason}. Check the address and that the service answers."""

    code = "platform.outgoing_failed"
    status = 502


class OutgoingTimeout(OutgoingFailed):
    """{host} did not answer within {reason}. Check that the service is up."""

    code = "platform.outgoing_timeout"


class OutgoingRefused(OutgoingFailed):
    """{host} is at {reason}, which is not public. EVENFALL_ALLOW_PRIVATE_ADDRESSES can allow it."""

    code = "platform.outgoing_refused"


class Response(Struct, frozen=True, kw_only=True):
    """What came back; header names are lower case; the body is cut at ``MOST_BYTES``,
    or where the request says.
    """

    status: int
    headers: dict[str, str]
    body: bytes


class OutgoingUntrusted(OutgoingFailed):
    """{host} showed a certificate that is not trusted: {reason}. Check its name and authority."""

    code = "platform.outgoing_untrusted"


class _Kept(Struct, frozen=True, kw_only=True):
    """The connections of a loop, and what closes them with it."""

    session: aiohttp.ClientSession
    until_closed: AsyncGenerator[None]


class _Refused(Exception):
    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def is_allowed(address: str, allowed: Iterable[Network]) -> bool:
    """Return whether requests may go to this address."""
    ip = _inner(ipaddress.ip_address(address))
    is_odd = any(ip in network for network in _ODD if network.version == ip.version)
    return (ip.is_global and not ip.is_multicast and not is_odd) or any(
        ip in network for network in allowed if network.version == ip.version
    )


def is_own_address(host: str) -> bool:
    """Whether this is an address, not a name, of a network that the installation was told to trust.

    A name may lead anywhere tomorrow, so secrets go to one over https only.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    allowed = settings.EVENFALL.allow_private_addresses
    return is_allowed(host, allowed) and not is_allowed(host, ())


def _inner(ip: Address) -> Address:
    """Return the IPv4 address in IPv6 clothes, which is where the packets would go."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64 or ip in _COMPATIBLE:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


async def safe_address(host: str, port: int) -> str:
    """An address of this host that may be connected to; for what speaks another protocol.

    Raises OutgoingRefused, and OutgoingFailed where the name leads nowhere.
    """
    try:
        return await _checked_address(host, port)
    except _Refused as error:
        raise OutgoingRefused(host=host, reason=error.address) from error
    except OSError as error:
        raise OutgoingFailed(host=host, reason=str(error)) from error


async def _checked_address(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return _checked(str(found[0][4][0]))


def _checked(address: str) -> str:
    """This address without its zone; raises `_Refused` where requests may not go to it."""
    address = address.partition("%")[0]
    if not is_allowed(address, settings.EVENFALL.allow_private_addresses):
        raise _Refused(address)
    return address


def _guarded_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """A socket for what a name was resolved to; each connection goes through here."""
    family, kind, protocol, _, place = address
    _checked(str(place[0]))
    return socket.socket(family, kind, protocol)


class Outgoing:
    """Requests through the guard; each event loop keeps its connections until `close`.

    `asyncio.run` and whatever else shuts the generators of its loop down closes them too.
    """

    def __init__(self) -> None:
        self._kept: dict[asyncio.AbstractEventLoop, _Kept] = {}

    async def post(
        self, url: str, *, content: bytes, headers: Mapping[str, str], timeout_s: float = 10.0
    ) -> Response:
        """POST and return any answer, whatever its status; raises OutgoingFailed and its kinds."""
        return await self.request(
            "POST", url, content=content, headers=headers, timeout_s=timeout_s
        )

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, timeout_s: float = 10.0
    ) -> Response:
        return await self.request("GET", url, headers=headers or {}, timeout_s=timeout_s)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes = b"",
        timeout_s: float = 10.0,
        authority: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> Response:
        """Send and return any answer; its body is cut at ``most_bytes``.

        `authority` (PEM) is then the only one that is trusted, see `trusting`. Raises
        OutgoingFailed and its kinds.
        """
        place = _place(url)
        host = place.host or ""
        try:
            async with asyncio.timeout(timeout_s), self._session_for(authority) as session:
                ask = functools.partial(_send, session, method, place, headers, content, most_bytes)
                return await _replacing_kept(ask)
        except _Refused as error:
            raise OutgoingRefused(host=host, reason=error.address) from error
        except TimeoutError as error:
            raise OutgoingTimeout(host=host, reason=f"{timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a header may be none
            raise _failed(host, error) from error

    async def close(self) -> None:
        """Close the connections of the running loop; the next request opens new ones."""
        kept = self._kept.get(asyncio.get_running_loop())
        if kept is not None:
            await kept.until_closed.aclose()

    @asynccontextmanager
    async def _session_for(self, authority: str) -> AsyncIterator[aiohttp.ClientSession]:
        """The shared one; for an authority of its own one that lasts for one request."""
        if not authority:
            yield await self._session()
            return
        async with _new_session(trusting(authority)) as session:
            yield session

    async def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if loop not in self._kept:
            session = _new_session(_known_authorities())
            self._kept[loop] = _Kept(session=session, until_closed=self._until_closed(session))
            await anext(self._kept[loop].until_closed)
        return self._kept[loop].session

    async def _until_closed(self, session: aiohttp.ClientSession) -> AsyncGenerator[None]:
        """Wait for the end of the loop, which closes its generators that were begun."""
        try:
            yield
        finally:
            self._kept.pop(asyncio.get_running_loop(), None)
            await session.close()


def trusting(authority: str) -> ssl.SSLContext:
    """Trust these certificates (PEM) and no others; names are checked. Raises ValueError."""
    try:
        context = ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, TypeError) as error:
        raise ValueError("no certificate in PEM") from error
    # since Python 3.13 on by default; authorities of private clusters often lack what it asks for
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _failed(host: str, error: BaseException) -> OutgoingFailed:
    """The kind of failure, and the system's own words for it where there are any."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        untrusted = error.certificate_error
        if isinstance(untrusted, ssl.SSLCertVerificationError):
            return OutgoingUntrusted(host=host, reason=untrusted.verify_message)
    if isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    words = error.strerror if isinstance(error, OSError) else None
    return OutgoingFailed(host=host, reason=words or str(error) or type(error).__name__)


class _Way:
    """What is known of the connection that a request went over."""

    was_kept = False


async def _replacing_kept(ask: Callable[[_Way], Awaitable[Response]]) -> Response:
    """Ask; once more where a kept connection ended before a word of the answer came.

    Its server hung up when we asked, most likely before it read what we said. A connection is kept
    for the same loop only: by senders, who ask again anyway, and by those who read several things.
    """
    way = _Way()
    try:
        return await ask(way)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        if not way.was_kept:
            raise
    return await ask(_Way())


async def _note_kept(_session: object, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.was_kept = True


async def _send(
    session: aiohttp.ClientSession,
    method: str,
    place: URL,
    headers: Mapping[str, str],
    content: bytes,
    most_bytes: int,
    way: _Way,
) -> Response:
    async with session.request(
        method,
        place,
        headers={"User-Agent": "Evenfall", "Accept": "*/*", **headers},
        data=content or None,
        allow_redirects=False,
        trace_request_ctx=way,
    ) as answer:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > most_bytes:
                break
        names = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in answer.raw_headers}
        return Response(status=answer.status, headers=names, body=bytes(body[:most_bytes]))


def _new_session(trusted: ssl.SSLContext) -> aiohttp.ClientSession:
    watch = aiohttp.TraceConfig()
    watch.on_connection_reuseconn.append(_note_kept)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            ssl=trusted,
            limit=MOST_CONNECTIONS,
            keepalive_timeout=30.0,
            happy_eyeballs_delay=None,  # else a refused address is one that only did not answer
            socket_factory=_guarded_socket,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # `request` has its own
        skip_auto_headers=_NOT_BY_ITSELF,
        auto_decompress=False,
        trace_configs=[watch],
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
    )


@functools.cache
def _known_authorities() -> ssl.SSLContext:
    """Those of the system and of Mozilla; reading them takes 25 ms, so it is done once."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _place(url: str) -> URL:
    """Where to, as it is written; what it says of a user is left out. Raises OutgoingFailed.

    Only what cannot stand in an address is quoted: a signed one must not change.
    """
    try:
        place = URL(url, encoded=_VISIBLE.fullmatch(url) is not None)
        is_one = bool(place.host and place.port)
    except (ValueError, TypeError, UnicodeError) as error:
        raise OutgoingFailed(host=url, reason="it is not an address") from error
    if place.scheme not in ("http", "https") or not is_one:
        raise OutgoingFailed(host=url, reason="only http and https addresses can be reached")
    return place.with_user(None).with_fragment(None)


outgoing = Outgoing()
