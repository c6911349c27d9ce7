"""What one look at something found."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field


class Result(StrEnum):
    """Unknown is when nobody could look; it is never good."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class State(StrEnum):
    """How a monitor stands. New is one that was not looked at yet."""

    NEW = "new"
    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    PAUSED = "paused"


class Look(Struct, frozen=True, kw_only=True):
    """`note` says in a sentence what was seen; `warning` what will be bad if nobody does anything.

    `value` is what was measured besides the time (days left, bytes, a metric); `details` are for
    the page, by label. `next_at` is when it could change by itself, if that is known.
    """

    result: Result
    note: str
    duration_ms: int | None = None
    value: float | None = None
    warning: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    next_at: datetime | None = None


class Usual(Struct, frozen=True, kw_only=True):
    """What a kind of monitor starts with; see the fields of the same name of a monitor."""

    interval_s: int = 60
    time_limit_s: int = 10
    bad_needed: int = 2
    good_needed: int = 1
    unknown_for_s: int | None = 1800
