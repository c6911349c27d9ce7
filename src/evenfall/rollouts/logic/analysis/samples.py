"""Values as they came, made ready to be compared: what is not a number, what lies far out."""

from collections.abc import Sequence
from enum import StrEnum
from math import isfinite
from statistics import NormalDist

NOISE = 1e-5
"""The spread that constant values are given, in shares of the value."""


class NanStrategy(StrEnum):
    """REMOVE leaves out what has no value; REPLACE takes it for 0: no errors were counted."""

    REMOVE = "remove"
    REPLACE = "replace"


class Outliers(StrEnum):
    KEEP = "keep"
    REMOVE = "remove"


def cleaned(values: Sequence[float | None], strategy: NanStrategy) -> list[float]:
    """Finite values only; none where there is not a single one: that is no data, not zeros."""
    known = [value for value in values if value is not None and isfinite(value)]
    if strategy is NanStrategy.REMOVE or not known:
        return known
    return [value if value is not None and isfinite(value) else 0.0 for value in values]


def baseline_beside(
    canary: list[float], baseline: list[float], strategy: NanStrategy
) -> list[float]:
    """Where no value means none were counted, a baseline without any is one of zeros.

    A server gives no series of errors while there are none: a new side that fails must not pass
    because the other never failed. The other way round is no data: the new side may be idle.
    """
    if strategy is NanStrategy.REMOVE or baseline:
        return baseline
    return [0.0] * len(canary)


def within_fences(values: list[float], factor: float) -> list[float]:
    """Leave out what lies beyond min(P1, Q1 - factor * IQR) and max(P99, Q3 + factor * IQR)."""
    import numpy as np  # noqa: PLC0415 - loaded where it runs

    if not values:
        return values
    p1, q1, q3, p99 = (float(one) for one in np.percentile(values, (1, 25, 75, 99)))
    reach = factor * (q3 - q1)
    low, high = min(p1, q1 - reach), max(p99, q3 + reach)
    return [value for value in values if low <= value <= high]


def spread_out(values: list[float]) -> list[float]:
    """Constant values with a tiny normal spread around them, the same one each time.

    A rank test of two constants has nothing to estimate a spread from. The spread is laid out on
    quantiles instead of thrown with dice: the same numbers give the same verdict.
    """
    value, count = values[0], len(values)
    if not value:
        return values
    normal = NormalDist(value, abs(value) * NOISE)
    return [normal.inv_cdf((place + 0.5) / count) for place in range(count)]
