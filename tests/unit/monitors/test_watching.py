"""Watchers: two thresholds, for how long, and what nothing means."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.monitors.logic.looks import Result
from evenfall.monitors.logic.watching import (
    Compare,
    Memory,
    NoData,
    Threshold,
    Values,
    clear_flaw,
    judge,
)

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HIGH = Threshold(compare=Compare.ABOVE, limit=90, clear=80)


def results(threshold: Threshold, *values: float | None) -> list[Result]:
    """One look a minute; None is an answer without data."""
    memory, found = Memory(), []
    for minute, value in enumerate(values):
        known: Values = [] if value is None else [({}, value)]
        look, memory = judge(threshold, memory, known, now=NOW + minute * MINUTE)
        found.append(look.result)
    return found


GOOD, BAD, UNKNOWN = Result.GOOD, Result.BAD, Result.UNKNOWN


def test_it_is_over_only_at_the_second_threshold() -> None:
    assert results(HIGH, 85, 91, 85, 81, 80, 85) == [GOOD, BAD, BAD, BAD, GOOD, GOOD]
    low = Threshold(compare=Compare.BELOW, limit=10, clear=20)
    assert results(low, 15, 9, 15, 20, 15) == [GOOD, BAD, BAD, GOOD, GOOD]


def test_it_must_last() -> None:
    lasting = replace(HIGH, lasting=2 * MINUTE)
    assert results(lasting, 95, 95, 95, 95) == [GOOD, GOOD, BAD, BAD]
    assert results(lasting, 95, 95, 70, 95, 95) == [GOOD] * 5
    note = judge(lasting, Memory(), [({}, 95)], now=NOW)[0].note
    assert note.endswith("It is beyond for less than 2 min.")


def test_nothing_is_never_good() -> None:
    assert results(HIGH, 50, None) == [GOOD, UNKNOWN]
    assert results(replace(HIGH, no_data=NoData.BAD), 50, None) == [GOOD, BAD]
    keeps = replace(HIGH, no_data=NoData.KEEP)
    assert results(keeps, 50, None) == [GOOD, UNKNOWN]
    assert results(keeps, 95, None, None) == [BAD, BAD, BAD]
    assert results(HIGH, math.nan) == [UNKNOWN]
    assert judge(HIGH, Memory(), [], now=NOW, problem="It is away.")[0].note == "It is away."


def test_nothing_in_between_does_not_end_what_was_beyond() -> None:
    assert results(HIGH, 95, None, 85) == [BAD, UNKNOWN, BAD]


def test_of_several_series_the_worst_counts_and_is_named() -> None:
    values = [({"disk": "a"}, 50.0), ({"disk": "b"}, 97.0), ({"disk": "c"}, math.nan)]
    look, _ = judge(HIGH, Memory(), values, now=NOW)
    assert look.note == "It is 97 (disk=b); bad is above 90."
    assert look.details == {"disk": "b"}
    equal = Threshold(compare=Compare.NOT_EQUAL, limit=1)
    assert judge(equal, Memory(), [({}, 1), ({}, 0)], now=NOW)[0].result is BAD


@pytest.mark.parametrize(
    ("compare", "value", "wanted"),
    [
        (Compare.ABOVE, 5, GOOD),
        (Compare.AT_LEAST, 5, BAD),
        (Compare.BELOW, 5, GOOD),
        (Compare.AT_MOST, 5, BAD),
        (Compare.EQUAL, 5, BAD),
        (Compare.NOT_EQUAL, 5, GOOD),
    ],
)
def test_each_comparison_at_its_threshold(compare: Compare, value: float, wanted: Result) -> None:
    assert results(Threshold(compare=compare, limit=5), value) == [wanted]


def test_the_second_threshold_lies_on_the_good_side() -> None:
    assert clear_flaw(Compare.ABOVE, 90, 95)
    assert clear_flaw(Compare.BELOW, 10, 5)
    assert clear_flaw(Compare.EQUAL, 1, 2)
    assert not clear_flaw(Compare.ABOVE, 90, 90)


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=True)), max_size=30))
def test_no_data_and_no_value_beyond_are_never_mixed_up(values: list[float | None]) -> None:
    for value, found in zip(values, results(HIGH, *values), strict=True):
        if value is None or math.isnan(value):
            assert found is UNKNOWN
        elif value > 90:
            assert found is BAD
        elif value <= 80:
            assert found is GOOD
