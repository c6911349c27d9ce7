"""A question to a name server, and what its answer must be."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from evenfall.integrations.probes import looks
from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Usual
from evenfall.platform.http import OutgoingFailed, safe_address

_TYPES: Final = tuple(
    (one, one) for one in ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SOA", "SRV", "CAA", "PTR")
)
_MATCHES: Final = (
    ("all", "All of these are among the answers"),
    ("any", "One of these is among the answers"),
    ("exactly", "These and no others are the answers"),
)
_DNS_PORT: Final = 53


class DnsProbe:
    """See the package."""

    name = "dns"
    label = "DNS record"
    about = "A name server answers with the records that are expected."
    usual = Usual(interval_s=300)
    fields = (
        Field(name="record", label="Name", help="Such as www.example.org"),
        Field(name="type", label="Type", type=FieldType.CHOICE, choices=_TYPES, default="A"),
        Field(
            name="expect",
            label="Expected",
            type=FieldType.CHOICE,
            choices=(("answers", "Answers"), ("nxdomain", "That the name does not exist")),
            default="answers",
        ),
        Field(
            name="values",
            label="Expected values",
            type=FieldType.LINES,
            required=False,
            help="One a line, as dig writes them: 203.0.113.7, or 10 mail.example.org. Empty: any.",
        ),
        Field(
            name="match", label="Compared", type=FieldType.CHOICE, choices=_MATCHES, default="all"
        ),
        Field(
            name="resolver",
            label="Name server",
            required=False,
            help="An address such as 9.9.9.9 or 10.0.0.2:5353. Empty: that of this machine.",
        ),
        looks.LIMIT_MS,
    )

    def check(self, settings: Mapping[str, str]) -> None:
        try:
            dns.name.from_text(settings["record"])
        except (dns.exception.DNSException, UnicodeError, ValueError):
            raise Flaw("record", "This is no name of the DNS.") from None
        host, port = _server(settings["resolver"])
        looks.check_host(host, "resolver")
        if not port.isdecimal():
            raise Flaw("resolver", "Write an address, perhaps with a port: 10.0.0.2:5353.")
        looks.check_port(port, "resolver")

    def target(self, settings: Mapping[str, str]) -> str:
        at = f" at {settings['resolver']}" if settings["resolver"] else ""
        return f"{settings['record']} {settings['type']}{at}"

    async def look(
        self,
        settings: Mapping[str, str],
        *,
        now: datetime,  # noqa: ARG002 - of the port
        time_limit_s: float,
    ) -> Look:
        watch = looks.Watch()
        question = dns.message.make_query(settings["record"], settings["type"])
        try:
            async with asyncio.timeout(time_limit_s):
                address, port = await _address(settings["resolver"])
                answer, _ = await dns.asyncquery.udp_with_fallback(
                    question, address, timeout=time_limit_s, port=port
                )
        except (TimeoutError, dns.exception.Timeout):
            return looks.bad(f"No answer within {time_limit_s:g} s.", watch)
        except OutgoingFailed as error:
            return looks.failed(error)
        except dns.resolver.NoResolverConfiguration:
            return looks.unknown("This machine has no name server. Name one in the monitor.")
        except (dns.exception.DNSException, OSError, EOFError) as error:
            return looks.bad(f"The question failed: {looks.said(error)}.", watch)
        return _judged(settings, answer, watch)


def _judged(settings: Mapping[str, str], answer: dns.message.Message, watch: looks.Watch) -> Look:
    code = dns.rcode.to_text(answer.rcode())
    is_absent = answer.rcode() == dns.rcode.NXDOMAIN
    if settings["expect"] == "nxdomain":
        if is_absent:
            note = "The name does not exist, as expected."
            return looks.good(note, watch, limit_ms=settings["limit_ms"])
        return looks.bad(f"The name should not exist; the answer is {code}.", watch)
    if answer.rcode() != dns.rcode.NOERROR:
        why = "The name does not exist" if is_absent else f"The name server answered {code}"
        return looks.bad(f"{why}.", watch)
    found = _values(settings["type"], answer)
    details = {"Answers": ", ".join(found)[:500]} if found else {}
    why = _flaw(settings, found)
    if why:
        return looks.bad(why, watch, details=details)
    note = f"It answered {', '.join(found)[:200]}."
    return looks.good(note, watch, limit_ms=settings["limit_ms"], details=details)


def _flaw(settings: Mapping[str, str], found: list[str]) -> str:
    if not found:
        return f"There is no {settings['type']} record."
    wanted = {_settled(line) for line in settings["values"].splitlines() if line.strip()}
    there = {_settled(one) for one in found}
    match = settings["match"]
    missing = ", ".join(sorted(wanted - there))[:200]
    if match == "any":
        return "" if not wanted or wanted & there else f"None of {missing} is among the answers."
    if missing:
        return f"Missing among the answers: {missing}."
    more = ", ".join(sorted(there - wanted))[:200]
    return f"Not expected among the answers: {more}." if match == "exactly" and more else ""


def _values(type_name: str, answer: dns.message.Message) -> list[str]:
    """The records of this type; of a chain of aliases, those at its end."""
    wanted = dns.rdatatype.from_text(type_name)
    rows = [one for one in answer.answer if one.rdtype == wanted]
    return sorted(record.to_text() for row in rows for record in row)


def _settled(text: str) -> str:
    """A value as it is compared: quotes, a dot at the end and capitals tell nothing."""
    return text.strip().replace('"', "").removesuffix(".").lower()


async def _address(resolver: str) -> tuple[str, int]:
    """Where the question goes: that of the system is trusted, any other goes through the guard."""
    if not resolver:
        # reads a small file of this machine
        system = dns.resolver.Resolver()
        return str(system.nameservers[0]), int(system.port)
    host, port = _server(resolver)
    return await safe_address(host, int(port)), int(port)


def _server(text: str) -> tuple[str, str]:
    """Host and port of "10.0.0.2", "10.0.0.2:5353", "::1" or "[::1]:5353"."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":") or str(_DNS_PORT)
    host, colon, port = text.rpartition(":")
    if not colon or ":" in host:
        return text, str(_DNS_PORT)
    return host, port
