"""What counters counted: resets, newcomers, holes, missing errors."""

import math
from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.counters import Line, increases, minutes_of
from evenfall.slo.logic.spec import IndicatorSpec, Measure, Op
from evenfall.slo.logic.tallies import Tally
from evenfall.slo.logic.windows import MINUTE


def line(*values: float | None, created: float | None = None) -> Line:
    """A value at the end of each minute from NOW on; None where there is none."""
    samples = [(NOW + n * MINUTE, v) for n, v in enumerate(values) if v is not None]
    began = None if created is None else NOW + created * MINUTE
    return Line(samples=samples, created_at=began)


def grown(one: Line) -> dict[int, float]:
    return {(at - NOW) // MINUTE: amount for at, amount in increases(one).items()}


def test_each_minute_has_its_difference() -> None:
    assert grown(line(5, 7, 7, 17)) == {0: 2, 1: 0, 2: 10}


def test_a_reset_counts_what_came_since() -> None:
    assert grown(line(5, 9, 3, 4)) == {0: 4, 1: 3, 2: 1}


def test_what_first_appears_brings_nothing_unless_it_is_new() -> None:
    assert grown(line(None, 50, 53)) == {1: 3}
    assert grown(line(None, 50, 53, created=0.5)) == {0: 50, 1: 3}
    assert grown(line(None, 50, 53, created=-600)) == {1: 3}
    assert grown(line(None, 50, 53, created=99)) == {1: 3}


def test_a_short_hole_is_spread_and_a_long_one_stays_unknown() -> None:
    assert grown(line(10, None, None, 19)) == {0: 3, 1: 3, 2: 3}
    assert grown(line(10, *[None] * 5, 70, 71)) == {6: 1}


def test_what_is_no_number_is_no_sample() -> None:
    assert grown(line(1, math.nan, 3)) == {0: 1, 1: 1}


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=50))
def test_nothing_is_lost_or_added(steps: list[int]) -> None:
    values = list(accumulate(steps))
    assert sum(grown(line(*values)).values()) == values[-1] - values[0]


@given(st.lists(st.integers(0, 50), min_size=2, max_size=50), st.integers(1, 49))
def test_a_reset_loses_only_what_nobody_saw(steps: list[int], place: int) -> None:
    before, after = steps[:place], steps[place:]
    values = [*accumulate(before), *accumulate(after)]
    seen = sum(grown(line(*values)).values())
    assert seen <= sum(steps) - steps[0]
    if after and values[len(before)] < values[len(before) - 1]:
        assert seen == sum(steps) - steps[0]


def tallies(spec: IndicatorSpec, query: list[Line], total: list[Line]) -> dict[int, Tally]:
    found = minutes_of(spec, query, total, since=NOW)
    return {(at - NOW) // MINUTE: tally for at, tally in found.items()}


GOOD = IndicatorSpec(measure=Measure.GOOD)
BAD = IndicatorSpec(measure=Measure.BAD)


def test_missing_errors_are_none_where_there_is_a_total() -> None:
    assert tallies(BAD, [], [line(0, 10, 30)]) == {0: Tally(10, 10), 1: Tally(20, 20)}
    assert tallies(BAD, [line(None, 4, 6)], [line(0, 10, 30)]) == {
        0: Tally(10, 10),
        1: Tally(18, 20),
    }


def test_without_a_total_nothing_is_known_and_never_all_good() -> None:
    assert tallies(BAD, [line(0, 5)], []) == {}
    assert tallies(GOOD, [line(0, 5)], []) == {}


def test_series_add_up_and_good_never_exceeds_the_total() -> None:
    assert tallies(GOOD, [line(0, 6), line(0, 3)], [line(0, 10)]) == {0: Tally(9, 10)}
    assert tallies(GOOD, [line(0, 12)], [line(0, 10)]) == {0: Tally(10, 10)}
    assert tallies(BAD, [line(0, 12)], [line(0, 10)]) == {0: Tally(0, 10)}


def test_amounts_of_a_minute_are_taken_as_they_are() -> None:
    spec = IndicatorSpec(measure=Measure.BAD, is_counter=False)
    assert tallies(spec, [line(None, 1)], [line(None, 10, 20)]) == {
        0: Tally(9, 10),
        1: Tally(20, 20),
    }


def test_ratios_and_values_are_looks_complaint_8() -> None:
    """Complaint 8: gauges and probe_success as indicators."""
    up = IndicatorSpec(measure=Measure.THRESHOLD, op=Op.GTE, limit=1)
    assert tallies(up, [line(None, 1, 0, math.nan)], []) == {0: Tally(1, 1), 1: Tally(0, 1)}
    success = IndicatorSpec(measure=Measure.SUCCESS)
    assert tallies(success, [line(None, 0.9), line(None, 0.7)], [])[0].good == pytest.approx(1.6)
    failure = IndicatorSpec(measure=Measure.FAILURE)
    assert tallies(failure, [line(None, 0.25, 7)], []) == {0: Tally(0.75, 1), 1: Tally(0, 1)}


@pytest.mark.parametrize(
    ("op", "holds"), [(Op.LT, False), (Op.LTE, True), (Op.GT, False), (Op.GTE, True)]
)
def test_limits_are_inclusive_or_not(op: Op, *, holds: bool) -> None:
    assert op.holds(1.0, 1.0) is holds


def test_only_what_was_asked_for_is_told() -> None:
    found = minutes_of(GOOD, [line(0, 1, 2)], [line(0, 1, 2)], since=NOW + timedelta(minutes=1))
    assert list(found) == [NOW + MINUTE]
