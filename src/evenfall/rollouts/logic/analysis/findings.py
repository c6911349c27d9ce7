"""The words of all lanes: counts of two sides, a verdict, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What an analysis says. INCONCLUSIVE is never taken for either of the others."""

    PASS = "pass"  # noqa: S105 - a word of verdicts
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


WORST_LAST = (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL)


class Lane(StrEnum):
    """Which test spoke; the values are stored."""

    GUARD = "guard"
    BURN = "burn"
    SEQUENTIAL = "sequential"
    RANK = "rank"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Events of one side in a time: how many, and how many of them were errors."""

    errors: int = 0
    total: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(errors=self.errors + other.errors, total=self.total + other.total)

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(errors=self.errors - other.errors, total=self.total - other.total)

    @property
    def good(self) -> int:
        return self.total - self.errors

    @property
    def ratio(self) -> float | None:
        """Errors of all events, 0 to 1; None without events: that is unknown, not none."""
        return self.errors / self.total if self.total else None

    def __str__(self) -> str:
        return f"{self.errors} of {self.total} requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one test says, with the numbers it went by.

    `what_would_change` tells what else would have to happen for another verdict.
    """

    lane: Lane
    verdict: Verdict
    reason: str
    what_would_change: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def grown(before: Counts, after: Counts) -> Counts:
    """What was added between two readings of counters.

    A counter that fell was reset: what it shows now came after the reset.
    """
    if after.total < before.total or after.errors < before.errors:
        return after
    return after - before


def worst(verdicts: "tuple[Verdict, ...]") -> Verdict:
    """The worst of some verdicts; of none it is inconclusive."""
    return max(verdicts, key=WORST_LAST.index, default=Verdict.INCONCLUSIVE)


def percent(ratio: float) -> str:
    """A share in the words of people: `0.0123` is "1.23 %"."""
    return f"{ratio * 100:.3g} %"


def figure(value: float) -> str:
    """A number as people write it, four digits at most: `0.000123`, `1234`, `1.5`."""
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"  # noqa: PLR2004 - four digits


def counted(number: int, what: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
