"""The times that reports are made of, the order they keep, and which a person may correct.

No time is ever guessed from another one: when the harm began only a person can say, and who never
watched the fix has no time of mitigation.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final


class Stamp(StrEnum):
    """In the order in which things usually happen."""

    IMPACT_STARTED = "impact_started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"


FREE: Final = frozenset({Stamp.IMPACT_STARTED, Stamp.DETECTED, Stamp.MITIGATED})
"""What a person may say, correct and take back at any time; the others come with an act."""

ORDER: Final = (
    (Stamp.IMPACT_STARTED, Stamp.DETECTED),
    (Stamp.IMPACT_STARTED, Stamp.DECLARED),
    (Stamp.IMPACT_STARTED, Stamp.MITIGATED),
    (Stamp.IMPACT_STARTED, Stamp.RESOLVED),
    (Stamp.DETECTED, Stamp.DECLARED),
    (Stamp.MITIGATED, Stamp.RESOLVED),
    (Stamp.RESOLVED, Stamp.CLOSED),
)
"""Pairs of which the first never comes after the second, where both are known."""

WORDS: Final[dict[Stamp, str]] = {
    Stamp.IMPACT_STARTED: "Harm began",
    Stamp.DETECTED: "Noticed",
    Stamp.DECLARED: "Opened",
    Stamp.ACKNOWLEDGED: "Acknowledged",
    Stamp.MITIGATED: "Harm ended",
    Stamp.RESOLVED: "Resolved",
    Stamp.CLOSED: "Closed",
}

type Stamps = Mapping[Stamp, datetime | None]


def misplaced(stamps: Stamps) -> tuple[Stamp, Stamp] | None:
    """Return the first pair that stands in the wrong order, earlier one first; None if none."""
    for first, second in ORDER:
        one, other = stamps.get(first), stamps.get(second)
        if one is not None and other is not None and one > other:
            return first, second
    return None


def refusal(stamps: Stamps, stamp: Stamp, at: datetime | None, *, now: datetime) -> str:
    """Say why `stamp` cannot become `at` (None takes it back); "" when it can."""
    if stamp not in FREE and stamps.get(stamp) is None:
        return "it has not happened yet; that comes with the step itself"
    if at is None:
        return "" if stamp in FREE else "it happened, so it has a time; correct it instead"
    if at > now:
        return "it lies in the future"
    wrong = misplaced({**stamps, stamp: at})
    if wrong is None:
        return ""
    first, second = wrong
    return f"“{WORDS[first]}” would come after “{WORDS[second]}”"
