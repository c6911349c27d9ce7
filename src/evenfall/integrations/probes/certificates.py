"""What a server's certificate says, and how long it still holds."""

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from msgspec import Struct

from evenfall.integrations.probes import looks

_DAY: Final = timedelta(days=1)
_GREETING: Final = "220"
_OK: Final = "250"


class Certificate(Struct, frozen=True, kw_only=True):
    """`ends_at` is in UTC; names are as the certificate writes them."""

    ends_at: datetime
    subject: str
    issuer: str
    names: tuple[str, ...]

    def days_left(self, now: datetime) -> float:
        return (self.ends_at - now) / _DAY


def context_for(trust: str, authority: str) -> ssl.SSLContext:
    """How to connect: `trust` "system" or "authority" (PEM) checks chain and name, "any" nothing.

    Raises ValueError for an authority that holds no certificate.
    """
    if trust == "any":
        open_to_all = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        open_to_all.check_hostname = False
        open_to_all.verify_mode = ssl.CERT_NONE  # the date alone is looked at: nothing is sent
        return open_to_all
    if trust != "authority":
        return ssl.create_default_context()
    try:
        context = ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, TypeError) as error:
        raise ValueError("no certificate in PEM") from error
    # since Python 3.13 on by default; authorities of companies often lack what it asks for
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


async def certificate_of(
    host: str, port: int, context: ssl.SSLContext, *, name: str = "", starttls: str = ""
) -> Certificate:
    """The certificate that a server shows. Raises OutgoingFailed, OSError, ssl.SSLError."""
    if starttls == "smtp":
        return await _by_smtp(host, port, context, name or host)
    _, writer = await looks.connect(host, port, context, name)
    return await _taken(writer)


async def _by_smtp(host: str, port: int, context: ssl.SSLContext, name: str) -> Certificate:
    """RFC 3207: greet, ask for TLS, go on with it on the same connection."""
    reader, writer = await looks.connect(host, port)
    try:
        await _reply(reader, _GREETING)
        for line, code in ((b"EHLO evenfall.invalid\r\n", _OK), (b"STARTTLS\r\n", _GREETING)):
            writer.write(line)
            await writer.drain()
            await _reply(reader, code)
        await writer.start_tls(context, server_hostname=name)
    except BaseException:
        writer.close()
        raise
    return await _taken(writer)


async def _reply(reader: asyncio.StreamReader, code: str) -> None:
    """One reply of SMTP, which may have many lines; raises OSError for another code."""
    for _ in range(100):
        line = (await reader.readline()).decode("latin-1")
        if not line.startswith(code):
            raise OSError(f"the mail server answered “{line.strip()[:100]}”")
        if line[3:4] != "-":
            return
    raise OSError("the mail server talks without end")


async def _taken(writer: asyncio.StreamWriter) -> Certificate:
    connection = writer.get_extra_info("ssl_object")
    try:
        shown = connection.getpeercert(binary_form=True)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    if not shown:
        raise OSError("it shows no certificate")
    return read(shown)


def read(der: bytes) -> Certificate:
    """A certificate as it came over the wire; raises OSError for what is none."""
    try:
        found = x509.load_der_x509_certificate(der)
        return Certificate(
            ends_at=found.not_valid_after_utc.astimezone(UTC),
            subject=found.subject.rfc4514_string(),
            issuer=found.issuer.rfc4514_string(),
            names=_names(found),
        )
    except ValueError as error:
        raise OSError("its certificate cannot be read") from error


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(one.value) for one in extension.value)[:20]
