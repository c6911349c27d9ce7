"""What a tool told us, in our own words: the same shape for every wire format.

Plain values without Django, so that every later stage can be tested without a database.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field


class Severity(StrEnum):
    """How bad the sender says it is, worst first."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Urgency(StrEnum):
    """Whether somebody is woken for it."""

    HIGH = "high"
    LOW = "low"


class Outcome(StrEnum):
    """What was decided for an alert."""

    PAGE = "page"
    LOW = "low"
    TICKET = "ticket"
    AUTOMATE = "automate"
    RECORD = "record"


class Fallback(StrEnum):
    """What may become of an alert whose repair did not help; the words are those of `Outcome`."""

    PAGE = Outcome.PAGE.value
    LOW = Outcome.LOW.value
    TICKET = Outcome.TICKET.value
    RECORD = Outcome.RECORD.value


class UpdateAction(StrEnum):
    """What the sender wants to happen to the alert."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    CHANGE = "change"  # not an alert: something was deployed or configured


class Link(Struct, frozen=True, kw_only=True):
    href: str
    text: str = ""


class Image(Struct, frozen=True, kw_only=True):
    src: str
    href: str = ""
    alt: str = ""


class AlertUpdate(Struct, frozen=True, kw_only=True):
    """One statement about one alert.

    `dedup_key` is never empty: identity of the alert within its integration, at most 255
    characters. All times are aware UTC; the zero time of Go senders is None. A resolve carries
    `ends_at` when the sender named the moment. `expires_at` is set on a trigger of a sender that
    keeps repeating firing alerts: without a further repeat until then the alert is over.
    `alert_id` is our number of the alert, from a sender that knows alerts by it: where the
    integration has such an alert, its key counts instead of `dedup_key`.
    No text contains NUL, so that PostgreSQL can store all of it.
    """

    action: UpdateAction
    dedup_key: str
    alert_id: int | None = None
    summary: str = ""
    severity: Severity | None = None
    source: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    expires_at: datetime | None = None
    url: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    client: str = ""
    client_url: str = ""
    environment: str | None = None
    component: str = ""
    group: str = ""
    class_: str = ""


class Decoded(Struct, frozen=True, kw_only=True):
    """Everything found in one request body.

    `errors` name the refused members of a batch, or what is wrong with the whole; `unparsed` says
    that nothing could be understood: the catch-all makes an "unparsed alert" of the raw body.
    `visits` are addresses of the vendor that the sender wants visited before it sends alerts.
    """

    updates: tuple[AlertUpdate, ...] = ()
    errors: tuple[str, ...] = ()
    unparsed: bool = False
    visits: tuple[str, ...] = ()
