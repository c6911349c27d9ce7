"""Whether a change helped: pages a week before and after it, and what chance alone could do.

If nothing changed, pages fall before and after the day in proportion to the days. So of all pages
the number after it is binomial, and the chance of so few (or so many) is an exact sum: the
conditional test of two Poisson rates (Przyborowski and Wilenski, *Homogeneity of results in testing
samples from Poisson series*, Biometrika 31, 1940).
"""

import math
from datetime import timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

ENOUGH: Final = timedelta(days=7)
SURE: Final = 0.05
WEEK: Final = timedelta(days=7)


class Verdict(StrEnum):
    EARLY = "early"
    HELPED = "helped"
    MAYBE = "maybe"
    SAME = "same"
    WORSE = "worse"


class Effect(Struct, frozen=True, kw_only=True):
    """Pages before and after; `before_a_week` and `after_a_week` are rates.

    `chance` is how likely so great a difference is if nothing had changed, 0 to 1.
    """

    verdict: Verdict
    before: int
    after: int
    before_a_week: float
    after_a_week: float
    chance: float


def effect(*, before: int, before_for: timedelta, after: int, after_for: timedelta) -> Effect:
    """Judge a change by the counts of the times before and after it; both longer than zero."""
    total, part = before + after, after_for / (before_for + after_for)
    fewer = after * before_for < before * after_for
    low, high = (0, after) if fewer else (after, total)
    chance = sum(_binomial(total, count, part) for count in range(low, high + 1))
    return Effect(
        verdict=_verdict(fewer, chance, after_for, total),
        before=before,
        after=after,
        before_a_week=before / (before_for / WEEK),
        after_a_week=after / (after_for / WEEK),
        chance=min(chance, 1.0),
    )


def _verdict(fewer: bool, chance: float, after_for: timedelta, total: int) -> Verdict:  # noqa: FBT001 - which side is asked
    if after_for < ENOUGH:
        return Verdict.EARLY
    if chance <= SURE:
        return Verdict.HELPED if fewer else Verdict.WORSE
    return Verdict.MAYBE if fewer and total else Verdict.SAME


def _binomial(n: int, k: int, p: float) -> float:
    """By logarithms: the numbers of a year would overflow."""
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log + k * math.log(p) + (n - k) * math.log1p(-p))
