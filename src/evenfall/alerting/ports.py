"""The port for tools that send alerts: one `Format` for each wire format.

`integrations/<kind>/` implements a format and registers it under its name. The front door asks it
to `examine` a body before the answer (cheap: is it valid, whose key, which alerts are repeats) and
to word the answer as the sender expects it. The pipeline asks it to `decode` the stored raw body
later. Both must agree on what is valid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from evenfall.alerting.logic.updates import (
    AlertUpdate,
    Decoded,
    Image,
    Link,
    Outcome,
    Severity,
    UpdateAction,
    Urgency,
)

__all__ = [
    "AlertUpdate",
    "Answer",
    "Decoded",
    "Examined",
    "Format",
    "FormatNotFound",
    "Image",
    "Link",
    "Outcome",
    "Refusal",
    "Repeat",
    "Severity",
    "UpdateAction",
    "Urgency",
    "format_names",
    "format_named",
    "register_format",
]


class FormatNotFound(LookupError):
    """No wire format has this name: its slice under integrations/ is not registered."""


class Refusal(StrEnum):
    """Why the front door does not accept a request."""

    INVALID = "invalid"
    KEY_MISSING = "key missing"
    KEY_UNKNOWN = "key unknown"
    TOO_LARGE = "too large"
    OVERLOADED = "overloaded"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, complete but for Retry-After, which the front door adds to every 503."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Repeat:
    """One firing alert of a request, as far as needed to see that it is an unchanged repeat.

    `identity` is the sender's own bytes of what names the alert (the same sender writes them the
    same way each time); `content` is a digest of all that would matter if it changed; `expires_at`
    is in seconds since 1970.
    """

    identity: bytes
    content: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Examined:
    """What the front door must know about a body.

    `key` is the integration key found in the body, None when the path or a header carries it.
    `answer_key` is the deduplication key to tell the sender. `repeats` holds one entry for each
    alert when every alert of the body may be an unchanged repeat, else it is empty.
    `errors` as in `Decoded`; `stored` is False when nothing in the body is worth keeping
    (an empty list).
    """

    key: str | None = None
    answer_key: str = ""
    errors: tuple[str, ...] = ()
    unparsed: bool = False
    repeats: tuple[Repeat, ...] = ()
    stored: bool = True


class Format(Protocol):
    """One wire format. `name` is stored with each signal, so it never changes."""

    name: str

    def examine(self, body: bytes, *, received_at: datetime) -> Examined:
        """Look at a body of any content; never raises."""
        ...

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        """Read a body of any content; never raises.

        `received_at` must be the time given to `examine`, to the microsecond: keys and times that
        the sender left out are derived from it. `mapping` is the integration's own
        (our field name -> dotted path in the body), empty for the defaults.
        """
        ...

    def accepted(self, examined: Examined) -> Answer:
        """The answer when the signal is committed (an error answer if `errors` asks for one)."""
        ...

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        """The answer when nothing was accepted, in the sender's own error format."""
        ...


_formats: dict[str, Format] = {}


def register_format(new: Format) -> None:
    """Make a format known under its name; registering a name again replaces it."""
    _formats[new.name] = new


def format_named(name: str) -> Format:
    """Return the format a signal was stored with; raises FormatNotFound."""
    try:
        return _formats[name]
    except KeyError:
        raise FormatNotFound(name) from None


def format_names() -> tuple[str, ...]:
    return tuple(sorted(_formats))
