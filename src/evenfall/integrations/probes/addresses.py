"""How the address of a name server is written."""

from typing import Final

_DNS_PORT: Final = 53


def host_and_port(text: str) -> tuple[str, str]:
    """Host and port of "10.0.0.2", "10.0.0.2:5353", "::1" or "[::1]:5353"."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":") or str(_DNS_PORT)
    host, colon, port = text.rpartition(":")
    if not colon or ":" in host:
        return text, str(_DNS_PORT)
    return host, port
