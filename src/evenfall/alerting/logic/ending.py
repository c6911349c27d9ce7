"""Alerts that end by policy, for senders that tell of a beginning and never of an end.

An alert is announced to end before it does, and whoever wants keeps it open. Nothing ends that its
sender still tells of: neither what it repeats, nor what was heard of within the last hour.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

SHORTEST: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(days=90)
STILL_FIRING: Final = timedelta(hours=1)
_WARNING: Final = timedelta(hours=1)


class Why(StrEnum):
    """Why an alert ends."""

    QUIET = "quiet"
    AGE = "age"


class EndPolicy(Struct, frozen=True, kw_only=True):
    """After `quiet` without a word, or `age` after it opened; None leaves one out.

    `also_paging`: also what pages and nobody acknowledged, which is never meant by itself.
    """

    quiet: timedelta | None = None
    age: timedelta | None = None
    also_paging: bool = False

    @property
    def warning(self) -> timedelta:
        """How long before its end an alert is announced: an hour, or half of a shorter time."""
        spans = [span for span in (self.quiet, self.age) if span is not None]
        return min(_WARNING, *(span / 2 for span in spans))


class Standing(Struct, frozen=True, kw_only=True):
    """What the decision looks at. `is_repeated`: its sender keeps repeating it while it lasts."""

    opened_at: datetime
    last_seen_at: datetime
    is_repeated: bool
    pages: bool
    is_acknowledged: bool


class End(Struct, frozen=True):
    """When an alert ends, and why."""

    at: datetime
    why: Why


def end_of(alert: Standing, policy: EndPolicy) -> End | None:
    """Return when the alert ends unless something is heard of it; None when it does not."""
    if alert.is_repeated:
        return None
    if alert.pages and not alert.is_acknowledged and not policy.also_paging:
        return None
    ends = []
    if policy.quiet is not None:
        ends.append(End(alert.last_seen_at + policy.quiet, Why.QUIET))
    if policy.age is not None:
        at = max(alert.opened_at + policy.age, alert.last_seen_at + STILL_FIRING)
        ends.append(End(at, Why.AGE))
    return min(ends, key=lambda end: end.at, default=None)


def words_of(why: Why, policy: EndPolicy, *, scope: str) -> str:
    """The reason as people read it."""
    if why is Why.QUIET and policy.quiet is not None:
        return f"Nothing was heard of it for {_span(policy.quiet)}, as set for {scope}."
    return f"It was open for {_span(policy.age or LONGEST)}, the longest set for {scope}."


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes % 1440 == 0:
        return _counted(minutes // 1440, "day")
    return _counted(minutes, "minute") if minutes % 60 else _counted(minutes // 60, "hour")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
