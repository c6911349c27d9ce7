"""Whether a runbook can be trusted: told by use, not by the date of its last edit."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

AGEING_AFTER: Final = timedelta(days=90)
"""A quarter: most teams changed a version, a host or a person within it."""
STALE_AFTER: Final = timedelta(days=180)
"""Half a year: whoever wrote the text may have left, and nobody tried it since."""
REMIND_EVERY: Final = timedelta(days=30)
"""After the first reminder; more often would teach people to look away."""


class Freshness(StrEnum):
    """`WRONG` was said by somebody, and neither a new version nor a good use followed."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    UNPROVEN = "unproven"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def mark(self) -> str:
        """The word of the design system that gives colour and shape."""
        return _MARKS[self]


_LABELS: Final = {
    Freshness.FRESH: "Fresh",
    Freshness.AGEING: "Ageing",
    Freshness.STALE: "Stale",
    Freshness.UNPROVEN: "Never proven",
    Freshness.WRONG: "Reported wrong",
}
_MARKS: Final = {
    Freshness.FRESH: "verified",
    Freshness.AGEING: "scheduled",
    Freshness.STALE: "warning",
    Freshness.UNPROVEN: "record",
    Freshness.WRONG: "error",
}


def freshness(
    *, proven_at: datetime | None, wrong_since: datetime | None, now: datetime
) -> Freshness:
    if wrong_since is not None:
        return Freshness.WRONG
    if proven_at is None:
        return Freshness.UNPROVEN
    age = now - proven_at
    if age > STALE_AFTER:
        return Freshness.STALE
    return Freshness.AGEING if age > AGEING_AFTER else Freshness.FRESH


def first_reminder(
    *, proven_at: datetime | None, wrong_since: datetime | None, created_at: datetime, now: datetime
) -> datetime:
    """When the owner should hear that it needs a look; never in the past.

    One that was never proven is as old as itself. Who has just edited it is left in peace.
    """
    if wrong_since is not None:
        return now
    return max((proven_at or created_at) + STALE_AFTER, now + REMIND_EVERY)
