"""The one way out: a guarded HTTP client.

Addresses that are private, loopback, link-local or otherwise not public are refused unless a
setting allows their network. The check is made on the resolved address that is then connected to,
for each connection, so neither DNS nor a redirect gets around it. Answers are limited in size,
requests in time. Redirects are not followed.
"""

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, override
from weakref import WeakKeyDictionary

import httpcore
from django.conf import settings

from evenfall.platform.errors import DomainError
from evenfall.platform.streams import WatchedStream

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_BYTES = 1_000_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
# global by the book, yet of the own site or router: site-local and segment routing
_ODD = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("5f00::/16"))
POOLS = 16
CONNECTIONS_OF_POOL = 16


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


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back; header names are lower case; the body is cut at ``MOST_BYTES``,
    or where the request says.
    """

    status: int
    headers: dict[str, str]
    body: bytes


class OutgoingUntrusted(OutgoingFailed):
    """{host} showed a certificate that is not trusted: {reason}. Check its name and authority."""

    code = "platform.outgoing_untrusted"


class _Refused(Exception):
    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that ``is_allowed`` lets through."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await _checked_address(host, port)
        return WatchedStream(
            await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
        )

    @override
    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise _Refused(path)

    @override
    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


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
    address = str(found[0][4][0]).partition("%")[0]
    if not is_allowed(address, settings.EVENFALL.allow_private_addresses):
        raise _Refused(address)
    return address


class Outgoing:
    """Requests through the guard, with connection pools for each event loop.

    httpcore looks at every connection of a pool for every request, so one large pool is slow when
    a thousand people are called at once: requests take turns over several small ones.
    """

    def __init__(self) -> None:
        self._pools: WeakKeyDictionary[
            asyncio.AbstractEventLoop, Iterator[httpcore.AsyncConnectionPool]
        ]
        self._pools = WeakKeyDictionary()

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
        host = _host(url)
        try:
            async with asyncio.timeout(timeout_s), self._pool_for(authority) as pool:
                return await _send(pool, method, url, headers, content, most_bytes)
        except _Refused as error:
            raise OutgoingRefused(host=host, reason=error.address) from error
        except TimeoutError as error:
            raise OutgoingTimeout(host=host, reason=f"{timeout_s:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ssl.SSLError) as error:
            raise _failed(host, error) from error

    async def close(self) -> None:
        """Close the idle connections of the running loop; the next request opens new ones."""
        pools = self._pools.pop(asyncio.get_running_loop(), None)
        if pools is not None:
            for pool in islice(pools, POOLS):
                await pool.aclose()

    @asynccontextmanager
    async def _pool_for(self, authority: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """A shared one; for an authority of its own one that lasts for one request."""
        if not authority:
            yield self._pool()
            return
        async with _new_pool(trusting(authority)) as pool:
            yield pool

    def _pool(self) -> httpcore.AsyncConnectionPool:
        loop = asyncio.get_running_loop()
        if loop not in self._pools:
            self._pools[loop] = cycle([_new_pool() for _ in range(POOLS)])
        return next(self._pools[loop])


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
    """The kind of failure: httpcore says of a bad certificate only that it could not connect."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return OutgoingUntrusted(host=host, reason=cause.verify_message)
        cause = cause.__cause__ or cause.__context__
    return OutgoingFailed(host=host, reason=str(error) or type(error).__name__)


async def _send(
    pool: httpcore.AsyncConnectionPool,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes,
    most_bytes: int,
) -> Response:
    wire = list(_wire_headers(url, headers, content).items())
    async with pool.stream(method, url, headers=wire, content=content) as answer:
        body = bytearray()
        async for chunk in answer.aiter_stream():
            body += chunk
            if len(body) > most_bytes:
                break
        names = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in answer.headers}
        return Response(status=answer.status, headers=names, body=bytes(body[:most_bytes]))


def _new_pool(trusted: ssl.SSLContext | None = None) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=trusted or _known_authorities(),
        max_connections=CONNECTIONS_OF_POOL,
        keepalive_expiry=30.0,
        network_backend=GuardedBackend(),
    )


@functools.cache
def _known_authorities() -> ssl.SSLContext:
    """All that httpcore trusts; reading them takes 25 ms, which it would for each connection."""
    return httpcore.default_ssl_context()


def _host(url: str) -> str:
    try:
        parsed = httpcore.URL(url)
    except (ValueError, TypeError, UnicodeError) as error:
        raise OutgoingFailed(host=url, reason="it is not an address") from error
    if parsed.scheme not in (b"http", b"https") or not parsed.host:
        raise OutgoingFailed(host=url, reason="only http and https addresses can be reached")
    return parsed.host.decode()


def _wire_headers(url: str, headers: Mapping[str, str], content: bytes) -> dict[str, str]:
    """Httpcore sends what it is given and nothing else."""
    parsed = httpcore.URL(url)
    host = parsed.host.decode()
    port = "" if parsed.port is None else f":{parsed.port}"
    wire = {"Host": host + port, "User-Agent": "Evenfall", "Accept": "*/*", **headers}
    return wire if not content else {**wire, "Content-Length": str(len(content))}


outgoing = Outgoing()
