"""The words of all lanes: what one test found, and numbers as people read them."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from evenfall.rollouts.logic.guard import Counts
from evenfall.rollouts.logic.verdicts import Outcome

NOTHING = Counts()


class Lane(StrEnum):
    """Which test spoke; the values are stored."""

    GUARD = "guard"
    BURN = "burn"
    SEQUENTIAL = "sequential"
    RANK = "rank"
    CONDITION = "condition"
    SCORE = "score"


class Finding(Struct, frozen=True, kw_only=True):
    """What one test says, with the numbers it went by; no number is NaN.

    `what_would_change` tells what else would have to happen for another outcome. NO_DATA is also
    a test that has not seen enough yet.
    """

    lane: Lane
    outcome: Outcome
    reason: str
    what_would_change: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def plus(one: Counts, other: Counts) -> Counts:
    """The requests of two times together."""
    return Counts(requests=one.requests + other.requests, errors=one.errors + other.errors)


def share(counts: Counts) -> float | None:
    """Errors of all requests, 0 to 1; None without requests: that is unknown, not none."""
    return counts.errors / counts.requests if counts.requests else None


def told(counts: Counts) -> str:
    """`3 of 20 requests`."""
    return f"{counts.errors} of {counts.requests} requests"


def percent(ratio: float) -> str:
    """A share in the words of people: `0.0123` is "1.23 %"."""
    return f"{ratio * 100:.3g} %"


_NOTHING = 1e-9
"""What root search leaves of a 0; no metric of people's is as small."""


def figure(value: float) -> str:
    """A number as people write it, four digits at most: `0.000123`, `1234`, `1.5`."""
    if abs(value) < _NOTHING:
        return "0"
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"  # noqa: PLR2004 - four digits


def counted(number: int, one: str, many: str = "") -> str:
    """`1 error`, `3 errors`, `2 successes`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
