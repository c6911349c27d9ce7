"""A TCP connection; perhaps a line is sent and an answer expected."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from evenfall.integrations.probes import looks
from evenfall.monitors.ports import Field, Look, Usual
from evenfall.platform.http import OutgoingFailed

_MOST_BYTES: Final = 65_536
_ESCAPES: Final = {"\\r": "\r", "\\n": "\n", "\\t": "\t"}


class TcpProbe:
    """See the package."""

    name = "tcp"
    label = "TCP port"
    about = "A port of a host takes a connection, and says what is expected."
    usual = Usual()
    fields = (
        looks.HOST,
        looks.port("port"),
        Field(
            name="send",
            label="Sent",
            required=False,
            help="A text, with \\r and \\n for the ends of lines. Empty: nothing.",
        ),
        Field(
            name="expect",
            label="Expected in the answer",
            required=False,
            help="Empty: a connection is enough.",
        ),
        looks.LIMIT_MS,
    )

    def check(self, settings: Mapping[str, str]) -> None:
        looks.check_host(settings["host"])
        looks.check_port(settings["port"])

    def target(self, settings: Mapping[str, str]) -> str:
        return f"{settings['host']}:{settings['port']}"

    async def look(
        self,
        settings: Mapping[str, str],
        *,
        now: datetime,  # noqa: ARG002 - of the port
        time_limit_s: float,
    ) -> Look:
        watch = looks.Watch()
        try:
            async with asyncio.timeout(time_limit_s):
                return await _looked(settings, watch)
        except TimeoutError:
            return looks.bad(f"No answer within {time_limit_s:g} s.", watch)
        except OutgoingFailed as error:
            return looks.failed(error)
        except OSError as error:
            return looks.bad(f"It cannot be reached: {looks.said(error)}.", watch)


async def _looked(settings: Mapping[str, str], watch: looks.Watch) -> Look:
    reader, writer = await looks.connect(settings["host"], int(settings["port"]))
    try:
        if settings["send"]:
            writer.write(_unescaped(settings["send"]).encode())
            await writer.drain()
        expected = _unescaped(settings["expect"])
        if not expected:
            return looks.good("It takes connections.", watch, limit_ms=settings["limit_ms"])
        heard = await _heard(reader, expected.encode())
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    text = heard.decode("utf-8", "replace")
    if expected in text:
        return looks.good("It answered as expected.", watch, limit_ms=settings["limit_ms"])
    words = text.strip()[:200]
    return looks.bad(f"It answered “{words}”." if words else "It said nothing.", watch)


async def _heard(reader: asyncio.StreamReader, expected: bytes) -> bytes:
    """What it says until that is what was expected, the end, or too much."""
    heard = b""
    while expected not in heard and len(heard) < _MOST_BYTES:
        chunk = await reader.read(4096)
        if not chunk:
            break
        heard += chunk
    return heard


def _unescaped(text: str) -> str:
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text
