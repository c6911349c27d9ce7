"""Sums of good and total, and what they say of a budget.

Of a target T: burn(L) = (bad(L) / total(L)) / (1 - T); spent = burn over the whole window; rest = 1
- spent, below 0 when more is gone than there was. Time until nothing is left = rest * P / burn.
Without a total there is no ratio: unknown is None and never 100 %. (Site Reliability Workbook,
chapter 5; of composites OpenSLO v1: burn rates add up, each times its weight.)
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct


class Tally(Struct, frozen=True):
    """So many good ones of a total: events, or slices of time."""

    good: float = 0.0
    total: float = 0.0

    @property
    def bad(self) -> float:
        return max(0.0, self.total - self.good)

    @property
    def error_ratio(self) -> float | None:
        """From 0 to 1; None when there was nothing."""
        return self.bad / self.total if self.total > 0 else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.good + other.good, self.total + other.total)

    def without(self, other: "Tally") -> "Tally":
        """What is left when some of it does not count; sums of floats never get below nothing."""
        total = max(0.0, self.total - other.total)
        return Tally(min(total, max(0.0, self.good - other.good)), total)


class Part(Struct, frozen=True, kw_only=True):
    """The tally of one indicator with the share that may be bad, and what it weighs."""

    tally: Tally
    allowed: float
    weight: float = 1.0


def summed(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def burn(parts: Sequence[Part]) -> float | None:
    """How fast the budget goes, 1 is exactly used up at the end; None when nothing is known.

    Of a composite those members count of which something is known.
    """
    known = [
        part.weight * ratio / part.allowed
        for part in parts
        if (ratio := part.tally.error_ratio) is not None
    ]
    return sum(known) if known else None


def spent_of(parts: Sequence[Part], totals: Sequence[float]) -> float | None:
    """The share of the budget that is gone when the whole window has these totals."""
    known = [
        part.weight * part.tally.bad / (part.allowed * max(total, part.tally.total))
        for part, total in zip(parts, totals, strict=True)
        if part.tally.total > 0
    ]
    return sum(known) if known else None


def time_left(*, rest: float, burn_now: float | None, period: timedelta) -> timedelta | None:
    """Until nothing is left at this burn; None when it is unknown or the budget does not shrink.

    Of a rolling window it is a guess: old errors leave it too.
    """
    if rest <= 0:
        return timedelta()
    if burn_now is None or burn_now <= 0:
        return None
    days = rest * (period / timedelta(days=1)) / burn_now
    return timedelta(days=days) if days < _FAR_DAYS else None


_FAR_DAYS = 3650.0
