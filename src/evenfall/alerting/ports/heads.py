"""What some formats need of a request beside its body: the path, the query, a header.

Only a few senders say part of their message there. What is kept of the head then stands before the
body, as it did on the wire, and is stored with it; the key is left out.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol, runtime_checkable
from urllib.parse import parse_qsl, unquote, urlencode

from msgspec import Struct

_END = b"\r\n\r\n"


class Head(Struct, frozen=True, gc=False):
    """The head of a request. `path` and `query` are as sent, percent signs and all."""

    method: str = ""
    path: str = ""
    query: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()

    def header(self, name: str) -> str:
        """Return a header, "" where it is not there; `name` is in small letters."""
        wanted = name.encode()
        for given, value in self.headers:
            if given.lower() == wanted:
                return value.decode("latin-1").strip()
        return ""

    def parameter(self, *names: str) -> str:
        """Return the first parameter of the query with one of these names, else ""."""
        return next((value for name, value in self.parameters() if name in names), "")

    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    def steps(self) -> list[str]:
        """Return the parts of the path between slashes, readable."""
        return [unquote(step, errors="replace") for step in self.path.strip("/").split("/")]


class Heard(NamedTuple):
    """What a format takes from a head: the integration key, and what to keep before the body."""

    key: str | None
    kept: bytes = b""


@runtime_checkable
class HearsHead(Protocol):
    """A format that needs more than the body; `examine` and `decode` get both in one."""

    def hear(self, head: Head) -> Heard:
        """Take from a head what is needed; never raises."""
        ...


def keep(head: Head, *, without: Collection[str] = (), headers: Sequence[str] = ()) -> bytes:
    """Return the head to store: these headers, and the query without these parameters."""
    query = urlencode([pair for pair in head.parameters() if pair[0] not in without])
    lines = [f"{head.method} {head.path}?{query}"]
    lines += [f"{name}: {head.header(name)}" for name in headers]
    return "\r\n".join(lines).encode("latin-1", "replace") + _END


def split(stored: bytes) -> tuple[Head, bytes]:
    """Return head and body of what was stored; takes any bytes, without a head it has no path."""
    raw, end, body = stored.partition(_END)
    if not end:
        return Head(), stored
    first, *lines = raw.decode("latin-1").split("\r\n")
    method, _, target = first.partition(" ")
    path, _, query = target.partition("?")
    pairs = [line.partition(": ")[::2] for line in lines]
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    return Head(method=method, path=path, query=query, headers=headers), body
