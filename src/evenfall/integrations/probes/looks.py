"""Words that all probes share."""

import asyncio
import ssl
import time
from typing import Final

from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Result
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, safe_address

LIMIT_MS: Final = Field(
    name="limit_ms",
    label="Slowest allowed, in milliseconds",
    type=FieldType.NUMBER,
    required=False,
    help="A slower answer is bad. Empty: the time limit alone counts.",
)
HOST: Final = Field(name="host", label="Host", help="A name or an address, such as db1.example.org")
_MOST_PORT: Final = 65535


class Watch:
    """Measures from when it was made, in whole milliseconds."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)


def port(name: str, default: str = "") -> Field:
    return Field(name=name, label="Port", type=FieldType.NUMBER, default=default)


def check_port(settings_port: str, field: str = "port") -> None:
    """Raise Flaw unless it is the number of a port."""
    if not 0 < int(settings_port) <= _MOST_PORT:
        raise Flaw(field, "A port is between 1 and 65535.")


def check_host(host: str, field: str = "host") -> None:
    """Raise Flaw for what cannot be a name or an address."""
    if not host.isprintable() or set(host) & set(" /@?#\\") or len(host) > 253:  # noqa: PLR2004 - RFC 1035
        raise Flaw(field, "Write a name or an address, without a scheme or a path.")


def good(note: str, watch: Watch, *, limit_ms: str = "", **more: object) -> Look:
    """A good look, unless it took longer than allowed."""
    ms = watch.ms
    if limit_ms and ms > int(limit_ms):
        return Look(
            result=Result.BAD,
            note=f"It answered after {ms} ms; {limit_ms} ms are allowed.",
            duration_ms=ms,
            **more,  # type: ignore[arg-type] # fields of a look
        )
    return Look(result=Result.GOOD, note=note, duration_ms=ms, **more)  # type: ignore[arg-type] # as above


def bad(note: str, watch: Watch | None = None, **more: object) -> Look:
    return Look(
        result=Result.BAD,
        note=note,
        duration_ms=watch.ms if watch else None,
        **more,  # type: ignore[arg-type] # fields of a look
    )


def unknown(note: str) -> Look:
    """Nobody could look, and only we can mend that."""
    return Look(result=Result.UNKNOWN, note=note)


def failed(error: OutgoingFailed) -> Look:
    """A connection that was not made: refused by our own guard is unknown, all else is bad."""
    if isinstance(error, OutgoingRefused):
        return unknown(error.message)
    return bad(error.message.partition(". Check")[0] + ".")


def said(error: BaseException) -> str:
    """An error of the network in a few words."""
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, ConnectionResetError):
        return "the connection was cut"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:200]


async def connect(
    host: str, port_number: int, context: ssl.SSLContext | None = None, name: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to an address that the guard allows; with a context, over TLS.

    Raises OutgoingFailed, OSError, ssl.SSLError.
    """
    address = await safe_address(host, port_number)
    if context is None:
        return await asyncio.open_connection(address, port_number)
    return await asyncio.open_connection(
        address, port_number, ssl=context, server_hostname=name or host
    )
