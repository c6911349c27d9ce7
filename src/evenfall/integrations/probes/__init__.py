"""Probes: looks at addresses from outside, by HTTP, TCP, TLS, DNS and ICMP.

Each connection goes to an address that the guard of outgoing requests lets through; one that it
refuses was not looked at, so that it is unknown and never good.
"""

from evenfall.integrations.probes.dns import DnsProbe
from evenfall.integrations.probes.http import HttpProbe
from evenfall.integrations.probes.icmp import IcmpProbe
from evenfall.integrations.probes.tcp import TcpProbe
from evenfall.integrations.probes.tls import TlsProbe
from evenfall.monitors import ports

for _kind in (HttpProbe(), TcpProbe(), TlsProbe(), DnsProbe(), IcmpProbe()):
    ports.register_probe_kind(_kind)
