"""The port for tools that send alerts: one `Format` for each wire format.

`integrations/<kind>/` implements a format and registers it under its name. The front door asks it
to `examine` a body before the answer (cheap: is it valid, whose key, which alerts are repeats) and
to word the answer as the sender expects it. The pipeline asks it to `decode` the stored raw body
later. Both must agree on what is valid.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from evenfall.alerting.logic.mapping import Mapped, read_mapping
from evenfall.alerting.logic.matchers import (
    Matcher,
    MatcherError,
    Operator,
    accepts_all,
    parse_matchers,
)
from evenfall.alerting.logic.paths import at_path
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import (
    AlertUpdate,
    Decoded,
    Fallback,
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
    "Effects",
    "Examined",
    "Fallback",
    "Format",
    "FormatNotFound",
    "Image",
    "KnownAlert",
    "Link",
    "Mapped",
    "Matcher",
    "MatcherError",
    "Operator",
    "Outcome",
    "Refusal",
    "Repeat",
    "Severity",
    "UpdateAction",
    "Urgency",
    "accepts_all",
    "at_path",
    "format_named",
    "format_names",
    "parse_matchers",
    "read_mapping",
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


class Answer(Struct, frozen=True, gc=False):
    """An HTTP answer, complete but for Retry-After, which the front door adds to every 503."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


class Repeat(Struct, frozen=True, gc=False):
    """One firing alert of a request, as far as needed to see whether it is an unchanged repeat.

    `identity` is the sender's own bytes of what names the alert (a sender writes them the same way
    each time); `content` is a digest of all that would matter if it changed; `expires_at` is in
    seconds since 1970.
    """

    identity: bytes
    content: int
    expires_at: float


class KnownAlert(Struct, gc=False):
    """An alert that the front door may answer from memory while nothing about it changes.

    `expires_at` is the latest the sender gave, `saved_until` what the database has of it, both in
    seconds since 1970; `added_at` in seconds of any clock.
    """

    content: int
    expires_at: float
    saved_until: float
    added_at: float


class Examined(Struct, frozen=True):
    """What the front door must know about a body.

    `key` is the integration key found in the body, None when the path carries it. `answer_key` is
    the deduplication key to tell the sender. `errors` as in `Decoded`. `nothing` says that there
    is nothing to keep (an empty list). `repeats` are the firing alerts of a format whose sender
    repeats them for as long as they fire, `over` the identities of those that no longer do;
    `unchanged` says that all of the body is a repeat of what was known.
    """

    key: str | None = None
    answer_key: str = ""
    errors: tuple[str, ...] = ()
    unparsed: bool = False
    nothing: bool = False
    unchanged: bool = False
    repeats: Sequence[Repeat] = ()
    over: Sequence[bytes] = ()


class Format(Protocol):
    """One wire format. `name` is stored with each signal, so it never changes."""

    @property
    def name(self) -> str: ...

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        """Look at a body of any content; never raises.

        `known` are the alerts of this integration and format by `Repeat.identity`.
        """
        ...

    def repeat_key(self, identity: bytes) -> str:
        """Return the dedup key of a `Repeat.identity` that this format has reported."""
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
