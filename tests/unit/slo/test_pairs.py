"""Window pairs for any period, and factors that nothing can reach."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.slo.logic.pairs import (
    DEFAULT_PAIRS,
    SAFE,
    Pair,
    Scaling,
    Severity,
    detection_time,
    fit,
)

DAYS = timedelta(days=1)


def factors(period: timedelta, scaling: Scaling) -> list[float]:
    found = fit(DEFAULT_PAIRS, scaling=scaling, period=period, allowed=0.001)
    return [round(one.pair.factor, 2) for one in found]


def shares(period: timedelta) -> list[float]:
    found = fit(DEFAULT_PAIRS, scaling=Scaling.FIXED, period=period, allowed=0.001)
    return [round(one.share, 3) for one in found]


def test_any_period_has_pairs_complaints_1_and_2() -> None:
    """Complaints 1 and 2: other periods than 30 days; which burn rates are right for 7."""
    assert factors(30 * DAYS, Scaling.FIXED) == [14.4, 6, 3, 1]
    assert shares(30 * DAYS) == [0.02, 0.05, 0.1, 0.1]
    assert shares(7 * DAYS) == [0.086, 0.214, 0.429, 0.429]
    assert shares(90 * DAYS) == [0.007, 0.017, 0.033, 0.033]
    assert factors(28 * DAYS, Scaling.BUDGET) == [13.44, 5.6, 2.8, 0.93]
    assert factors(7 * DAYS, Scaling.BUDGET) == [3.36, 1.4, 0.7, 0.23]
    assert factors(90 * DAYS, Scaling.BUDGET) == [43.2, 18, 9, 3]


def test_windows_can_stretch_with_the_period() -> None:
    found = fit(DEFAULT_PAIRS, scaling=Scaling.WINDOWS, period=7 * DAYS, allowed=0.001)
    assert (found[0].pair.long, found[0].pair.short, found[0].pair.factor) == (14, 1, 14.4)
    found = fit(DEFAULT_PAIRS, scaling=Scaling.WINDOWS, period=90 * DAYS, allowed=0.001)
    assert (found[0].pair.long, found[0].pair.short) == (180, 15)


def test_a_window_is_never_longer_than_the_period() -> None:
    found = fit(DEFAULT_PAIRS, scaling=Scaling.FIXED, period=DAYS, allowed=0.001)
    assert [one.pair.long for one in found] == [60, 360, 1440, 1440]


@given(
    allowed=st.floats(1e-6, 1),
    days=st.integers(1, 366),
    scaling=st.sampled_from(list(Scaling)),
)
def test_a_full_outage_reaches_every_factor(allowed: float, days: int, scaling: Scaling) -> None:
    for one in fit(DEFAULT_PAIRS, scaling=scaling, period=days * DAYS, allowed=allowed):
        assert one.pair.factor * allowed < 1
        assert one.pair.short >= 1
        assert one.pair.long <= days * 1440
        if one.clamped_from is not None:
            assert one.pair.factor == pytest.approx(SAFE / allowed)


def test_at_ninety_percent_the_quick_page_is_lowered() -> None:
    quick = fit(DEFAULT_PAIRS, scaling=Scaling.FIXED, period=30 * DAYS, allowed=0.1)[0]
    assert quick.clamped_from == 14.4
    assert quick.pair.factor == pytest.approx(8)


def test_how_long_errors_last_before_somebody_is_paged() -> None:
    """The figures of the workbook for a full outage: 52 s at 99.9 %, 518 s at 99 %."""
    quick = DEFAULT_PAIRS[0]
    for allowed, seconds in ((0.001, 52), (0.01, 518), (0.0001, 5)):
        found = detection_time(quick, allowed=allowed, error_ratio=1.0)
        assert found is not None
        assert round(found.total_seconds()) == seconds
    assert detection_time(quick, allowed=0.001, error_ratio=0.0143) is None
    assert detection_time(quick, allowed=0.001, error_ratio=0) is None


def test_the_share_of_a_pair_is_what_it_takes_of_thirty_days() -> None:
    pair = Pair(name="own", severity=Severity.PAGE, long=60, short=5, factor=14.4)
    assert pair.base_share == pytest.approx(0.02)
