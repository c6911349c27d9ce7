"""The rank test against published results of R, against a slow reference, and by its properties."""

import math
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm

from evenfall.rollouts.logic.analysis.rank import compare

MAY = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45]
MAY += [115, 37]
AUGUST = [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73]
AUGUST += [76, 118, 84, 85]
"""Ozone in New York, 1973: the data of the example in R's manual of `wilcox.test`."""

FEW = st.lists(st.integers(-20, 20).map(float), min_size=3, max_size=12)
QUANTILE = float(norm.ppf(0.99))


def test_the_example_of_the_manual_of_r() -> None:
    """W = 127.5, p-value = 0.0001208; with `conf.int = TRUE` 95 %: -53 to -15, shift -32."""
    shift = compare(MAY, AUGUST, confidence=0.95)
    assert shift.statistic == 127.5
    assert shift.p_value == pytest.approx(0.0001208, rel=1e-3)
    assert shift.lower == pytest.approx(-53, abs=1e-4)
    assert shift.upper == pytest.approx(-15, abs=1e-4)
    assert shift.estimate == pytest.approx(-32, abs=1e-4)


def test_two_published_results_of_r() -> None:
    """With ties R uses the normal approximation: W = 51.5, p = 0.5966; and W = 0, p = 0.001364."""
    x = [1, 5, 9, 24, 56, 21, 3, 7, 21, 4]
    shift = compare(x, [12, 15, 5, 9, 9, 14, 56, 22, 3, 7, 32, 5])
    assert shift.statistic == 51.5
    assert shift.p_value == pytest.approx(0.5966, abs=5e-5)
    shift = compare(x, [1233, 4356, 987, 39999, 1111, 200000])
    assert shift.statistic == 0
    assert shift.p_value == pytest.approx(0.001364, abs=5e-7)


@given(FEW, FEW)
def test_the_p_value_is_that_of_scipy(x: list[float], y: list[float]) -> None:
    if len({*x, *y}) == 1:
        return
    ours, theirs = compare(x, y), mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
    assert ours.statistic == pytest.approx(theirs.statistic)
    # scipy keeps the correction where it goes beyond the middle; R, and so we, turn at it
    if abs(ours.statistic - len(x) * len(y) / 2) >= 0.5:
        assert ours.p_value == pytest.approx(theirs.pvalue)


@given(FEW, FEW)
def test_the_interval_is_where_a_slow_reference_finds_it(x: list[float], y: list[float]) -> None:
    """The statistic is a staircase over mu: its steps are the differences of all pairs."""
    shift = compare(x, y)
    for found, quantile, correct in (
        (shift.lower, QUANTILE, True),
        (shift.estimate, 0.0, False),
        (shift.upper, -QUANTILE, True),
    ):
        low, high = crossing(x, y, quantile, correct=correct)
        assert low - 1e-6 <= found <= high + 1e-6


def crossing(
    x: list[float], y: list[float], quantile: float, *, correct: bool
) -> tuple[float, float]:
    """Between which differences the statistic falls through the quantile, step by step."""
    stairs = sorted({one - other for one, other in product(x, y)})
    places = [stairs[0]]
    for one, other in pairwise(stairs):
        places += [(one + other) / 2, other]
    above = [mu for mu in places if slow_z(x, y, mu, correct=correct) > quantile]
    below = [mu for mu in places if slow_z(x, y, mu, correct=correct) < quantile]
    return max(above, default=places[0]), min(below, default=places[-1])


def slow_z(x: list[float], y: list[float], mu: float, *, correct: bool) -> float:
    """The formula as it stands in the books, pair by pair."""
    shifted, n, m = [one - mu for one in x], len(x), len(y)
    wins = sum((one > other) + 0.5 * (one == other) for one, other in product(shifted, y))
    together = [*shifted, *y]
    ties = sum(together.count(value) ** 3 - together.count(value) for value in {*together})
    variance = n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1)))
    off = wins - n * m / 2
    if correct and off:
        off -= math.copysign(0.5, off)
    return off / math.sqrt(variance) if variance > 1e-12 else 0.0


@given(FEW, FEW)
def test_whoever_is_first_only_the_sign_differs(x: list[float], y: list[float]) -> None:
    one, other = compare(x, y), compare(y, x)
    assert one.p_value == pytest.approx(other.p_value)
    assert one.cles == pytest.approx(1 - other.cles)


@given(FEW, FEW, st.integers(-40, 40))
def test_small_values_get_no_coarser_an_interval_than_large_ones(
    x: list[float], y: list[float], power: int
) -> None:
    """R stops at a fixed tolerance of 0.0001: for ratios of errors that is no interval at all."""
    scale = 2.0**power
    plain = compare(x, y)
    scaled = compare([one * scale for one in x], [one * scale for one in y])
    assert scaled.p_value == plain.p_value
    for name in ("lower", "estimate", "upper"):
        assert math.isclose(getattr(scaled, name) / scale, getattr(plain, name), abs_tol=1e-6)


def test_one_value_each_has_an_interval_without_width() -> None:
    shift = compare([3.0, 3.0], [1.0, 1.0])
    assert (shift.lower, shift.estimate, shift.upper) == (2.0, 2.0, 2.0)
