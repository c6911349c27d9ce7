"""The certificate of a server: its days left, its name, its chain."""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from evenfall.integrations.probes import looks
from evenfall.integrations.probes.certificates import Certificate, certificate_of, context_for
from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Usual
from evenfall.platform.http import OutgoingFailed

_TRUST: Final = (
    ("system", "A public authority: chain and name are checked"),
    ("authority", "The authority below: chain and name are checked"),
    ("any", "Any: only the date is looked at"),
)


class TlsProbe:
    """See the package."""

    name = "tls"
    label = "TLS certificate"
    about = "A certificate is trusted, has the right name and does not end soon."
    usual = Usual(interval_s=3600)
    fields = (
        looks.HOST,
        looks.port("port", "443"),
        Field(
            name="server_name",
            is_rare=True,
            label="Name asked for",
            required=False,
            help="When it is not the host, such as behind a load balancer.",
        ),
        Field(
            name="starttls",
            is_rare=True,
            label="How TLS begins",
            type=FieldType.CHOICE,
            choices=(("none", "At once"), ("smtp", "With STARTTLS of a mail server")),
            default="none",
        ),
        Field(
            name="warn_days",
            label="Warn when fewer days are left than",
            type=FieldType.NUMBER,
            default="21",
            help="A warning: the monitor stays good.",
        ),
        Field(
            name="bad_days",
            label="Bad when fewer days are left than",
            type=FieldType.NUMBER,
            default="7",
        ),
        Field(
            name="trust",
            is_rare=True,
            label="Trusted",
            type=FieldType.CHOICE,
            choices=_TRUST,
            default="system",
        ),
        Field(
            name="authority",
            is_rare=True,
            label="Certificate of the authority, in PEM",
            type=FieldType.LINES,
            required=False,
        ),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        looks.check_host(settings["host"])
        looks.check_port(settings["port"])
        looks.check_host(settings["server_name"], "server_name")
        if int(settings["bad_days"]) > int(settings["warn_days"]):
            raise Flaw("warn_days", "The warning comes before it is bad: give more days.")
        try:
            context_for(settings["trust"], settings["authority"])
        except ValueError:
            raise Flaw("authority", "There is no certificate in PEM.") from None

    def target(self, settings: Mapping[str, str]) -> str:
        return f"{settings['host']}:{settings['port']}"

    async def look(
        self, settings: Mapping[str, str], *, now: datetime, time_limit_s: float
    ) -> Look:
        watch = looks.Watch()
        context = context_for(settings["trust"], settings["authority"])
        try:
            async with asyncio.timeout(time_limit_s):
                found = await certificate_of(
                    settings["host"],
                    int(settings["port"]),
                    context,
                    name=settings["server_name"],
                    starttls=settings["starttls"],
                )
        except TimeoutError:
            return looks.bad(f"No answer within {time_limit_s:g} s.", watch)
        except OutgoingFailed as error:
            return looks.failed(error)
        except ssl.SSLCertVerificationError as error:
            return looks.bad(f"The certificate is not trusted: {error.verify_message}.", watch)
        except OSError as error:
            return looks.bad(f"It cannot be reached: {looks.said(error)}.", watch)
        return _judged(settings, found, watch, now)


def _judged(
    settings: Mapping[str, str], found: Certificate, watch: looks.Watch, now: datetime
) -> Look:
    left = found.days_left(now)
    about = {
        "Ends": f"{found.ends_at:%Y-%m-%d %H:%M} UTC",
        "Names": ", ".join(found.names)[:300],
        "Issued by": found.issuer[:300],
    }
    if left <= 0:
        note = f"The certificate ended on {found.ends_at:%Y-%m-%d}."
        return looks.bad(note, watch, value=left, details=about)
    note = f"The certificate ends in {int(left)} days."
    if left < int(settings["bad_days"]):
        return looks.bad(note, watch, value=left, details=about)
    warning = note if left < int(settings["warn_days"]) else ""
    return looks.good(note, watch, value=left, details=about, warning=warning)
