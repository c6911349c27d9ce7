"""Echo requests (ping) over the datagram socket that needs no privileges."""

import asyncio
import os
import socket
import struct
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from evenfall.integrations.probes import looks
from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Result, Usual
from evenfall.platform.http import OutgoingFailed, safe_address

_FORBIDDEN: Final = (
    "This system lets no one ping. Let the group of Evenfall do it: "
    "sysctl net.ipv4.ping_group_range."
)
_REQUEST: Final = {socket.AF_INET: 8, socket.AF_INET6: 128}
_REPLY: Final = {socket.AF_INET: 0, socket.AF_INET6: 129}
_PROTOCOL: Final = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_PAUSE_S: Final = 0.2
_MOST: Final = 10
_SIZE: Final = 32


class IcmpProbe:
    """See the package."""

    name = "icmp"
    label = "Ping"
    about = "A host answers echo requests."
    usual = Usual()
    fields = (
        looks.HOST,
        Field(name="count", label="Requests", type=FieldType.NUMBER, default="3"),
        Field(
            name="most_lost",
            label="Lost at most, in percent",
            type=FieldType.NUMBER,
            default="60",
            help="More is bad.",
        ),
        looks.LIMIT_MS,
    )

    def check(self, settings: Mapping[str, str]) -> None:
        looks.check_host(settings["host"])
        if not 0 < int(settings["count"]) <= _MOST:
            raise Flaw("count", f"Between 1 and {_MOST} requests.")
        if int(settings["most_lost"]) > 99:  # noqa: PLR2004 - a percentage
            raise Flaw("most_lost", "At most 99: when all are lost, it is bad.")

    def target(self, settings: Mapping[str, str]) -> str:
        return settings["host"]

    async def look(
        self,
        settings: Mapping[str, str],
        *,
        now: datetime,  # noqa: ARG002 - of the port
        time_limit_s: float,
    ) -> Look:
        count = int(settings["count"])
        try:
            async with asyncio.timeout(time_limit_s):
                address = await safe_address(settings["host"], 0)
            times = await _echoes(address, count, time_limit_s)
        except TimeoutError:
            return looks.bad(f"The name was not found within {time_limit_s:g} s.")
        except PermissionError:
            return looks.unknown(_FORBIDDEN)
        except OutgoingFailed as error:
            return looks.failed(error)
        except OSError as error:
            return looks.bad(f"It cannot be reached: {looks.said(error)}.")
        return _judged(settings, count, times)


def _judged(settings: Mapping[str, str], count: int, times: list[float]) -> Look:
    lost = (count - len(times)) / count
    if lost * 100 > int(settings["most_lost"]):
        return looks.bad(f"{count - len(times)} of {count} requests were lost.", value=lost)
    mean = sum(times) / len(times)
    ms = round(mean * 1000)
    note = f"It answered {len(times)} of {count} requests, in {mean * 1000:.1f} ms."
    limit = settings["limit_ms"]
    if limit and ms > int(limit):
        note += f" At most {limit} ms are allowed."
        return Look(result=Result.BAD, note=note, duration_ms=ms, value=lost)
    return Look(result=Result.GOOD, note=note, duration_ms=ms, value=lost)


async def _echoes(address: str, count: int, time_limit_s: float) -> list[float]:
    """The times of the answers in seconds; raises OSError where nothing can be sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[family]) as line:
        line.setblocking(False)  # noqa: FBT003 - the socket's own signature
        line.connect((address, 0))
        found = []
        until = time.monotonic() + time_limit_s
        for number in range(count):
            # each has its share of the time that is left
            share = (until - time.monotonic()) / (count - number)
            took = await _echo(line, family, number, share)
            if took is not None:
                found.append(took)
            if number + 1 < count:
                await asyncio.sleep(min(_PAUSE_S, max(share, 0.0) / 2))
    return found


async def _echo(
    line: socket.socket, family: socket.AddressFamily, number: int, limit_s: float
) -> float | None:
    """One request; the system keeps the answers of others away and counts the check sum."""
    loop = asyncio.get_running_loop()
    token = os.urandom(_SIZE)
    began = time.monotonic()
    await loop.sock_sendall(line, struct.pack("!BBHHH", _REQUEST[family], 0, 0, 0, number) + token)
    try:
        async with asyncio.timeout(limit_s):
            while True:
                heard = await loop.sock_recv(line, 1024)
                if heard[:1] == bytes([_REPLY[family]]) and heard[8:] == token:
                    return time.monotonic() - began
    except (TimeoutError, ConnectionRefusedError):
        return None
