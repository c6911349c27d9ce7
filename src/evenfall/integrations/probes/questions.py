"""Asks a name server and judges its answer.

Loaded by whoever watches names, at the first look: dnspython takes 4 MB.
"""

import asyncio
from collections.abc import Mapping

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from evenfall.integrations.probes import looks
from evenfall.integrations.probes.addresses import host_and_port
from evenfall.monitors.ports import Look
from evenfall.platform.http import OutgoingFailed, safe_address


def is_name(text: str) -> bool:
    try:
        dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return False
    return True


async def ask(settings: Mapping[str, str], *, time_limit_s: float) -> Look:
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
    host, port = host_and_port(resolver)
    return await safe_address(host, int(port)), int(port)
