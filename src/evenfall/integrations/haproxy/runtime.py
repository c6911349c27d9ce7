"""The runtime API of HAProxy: one line in, some lines out, over TCP or a socket of this machine.

HAProxy closes the connection after each answer, so reading to the end is reading all of it.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from django.conf import settings

from evenfall.integrations.haproxy import states
from evenfall.integrations.haproxy.errors import HaproxyAway, HaproxySaysNo, HaproxyUnclear
from evenfall.integrations.haproxy.states import Server
from evenfall.platform.http import safe_address

MOST_BYTES: Final = 4_000_000
_MOST_PORT: Final = 65_535


def check_address(address: str) -> None:
    """Raise HaproxyUnclear when this is neither host:port nor a socket that the settings name."""
    if address.startswith("/"):
        if address not in settings.EVENFALL.haproxy_sockets:
            raise HaproxyUnclear(
                field="address",
                reason=f"{address} is not among the sockets in EVENFALL_HAPROXY_SOCKETS.",
            )
        return
    host, _, port = address.rpartition(":")
    is_number = port.isascii() and port.isdecimal()
    if not host or not is_number or not 0 < int(port[:6]) <= _MOST_PORT:
        reason = "Give host:port, such as lb1.example.org:9999, or the path of a socket."
        raise HaproxyUnclear(field="address", reason=reason)


def ask(address: str, *commands: str, time_limit_s: float) -> list[str]:
    """Send commands one after the other; return their answers. Raises HaproxyAway."""
    check_address(address)
    try:
        return asyncio.run(_ask_all(address, commands, time_limit_s))
    except TimeoutError as error:
        raise HaproxyAway(address=address, reason=f"no answer in {time_limit_s:g} s") from error
    except OSError as error:
        raise HaproxyAway(address=address, reason=error.strerror or str(error)) from error


async def _ask_all(address: str, commands: tuple[str, ...], time_limit_s: float) -> list[str]:
    async with asyncio.timeout(time_limit_s):
        return [await _ask(address, command) for command in commands]


async def _ask(address: str, command: str) -> str:
    reader, writer = await _connect(address)
    try:
        writer.write(f"{command}\n".encode())
        await writer.drain()
        return (await _all_of(reader)).decode(errors="replace")
    finally:
        writer.close()


async def _connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address)
    host, _, port = address.rpartition(":")
    safe = await safe_address(host.strip("[]"), int(port))
    return await asyncio.open_connection(safe, int(port))


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while len(found) < MOST_BYTES and (chunk := await reader.read(65_536)):
        found += chunk
    return bytes(found)


def servers(address: str, backend: str, *, time_limit_s: float) -> dict[str, Server]:
    """The servers of a backend as they stand now; raises HaproxyAway, HaproxySaysNo."""
    now, numbers = ask(
        address, f"show servers state {backend}", "show stat", time_limit_s=time_limit_s
    )
    return states.servers_of(now, numbers, backend)


def tell(address: str, *commands: str, time_limit_s: float) -> None:
    """Send commands that answer nothing when all is well; raises HaproxyAway, HaproxySaysNo."""
    for command in commands:
        (answer,) = ask(address, command, time_limit_s=time_limit_s)
        if answer.strip():
            raise HaproxySaysNo(command=command, answer=" ".join(answer.split())[:200])


def tell_at_once(address: str, commands: Sequence[str], *, time_limit_s: float) -> None:
    """Send commands in one line, so that HAProxy does them one right after the other.

    Those that answer nothing when all is well; raises HaproxyAway, HaproxySaysNo.
    """
    line = "; ".join(commands)
    (answer,) = ask(address, line, time_limit_s=time_limit_s)
    if answer.strip():
        raise HaproxySaysNo(command=line[:300], answer=" ".join(answer.split())[:200])
