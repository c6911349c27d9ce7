"""A question to a name server, and what its answer must be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from evenfall.integrations.probes import looks
from evenfall.integrations.probes.addresses import host_and_port
from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Usual

_TYPES: Final = tuple(
    (one, one) for one in ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SOA", "SRV", "CAA", "PTR")
)
_MATCHES: Final = (
    ("all", "All of these are among the answers"),
    ("any", "One of these is among the answers"),
    ("exactly", "These and no others are the answers"),
)


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
        from evenfall.integrations.probes.questions import is_name  # noqa: PLC0415 - see there

        if not is_name(settings["record"]):
            raise Flaw("record", "This is no name of the DNS.")
        host, port = host_and_port(settings["resolver"])
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
        from evenfall.integrations.probes.questions import ask  # noqa: PLC0415 - see there

        return await ask(settings, time_limit_s=time_limit_s)
