from datetime import date
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.triage.logic.capacity import IN_A_ROW, WEEK, WeekLoad, judge

MONDAY = date(2026, 3, 2)


def week(number: int, *, inflow: float = 20, hours: float = 10) -> WeekLoad:
    return WeekLoad(monday=MONDAY + number * WEEK, inflow=inflow, hours=hours)


def test_two_weeks_in_a_row_are_too_much_and_one_is_not() -> None:
    assert not judge([]).is_alarm
    assert not judge([week(0)]).is_alarm
    found = judge([week(0), week(1, inflow=26)])
    assert (found.is_alarm, found.tell, found.missing) == (True, True, 16)


def test_what_fits_exactly_is_not_too_much() -> None:
    assert not judge([week(0), week(1, inflow=10)]).run
    assert week(0, inflow=3).missing == 0


def test_a_week_that_nobody_measured_ends_the_row() -> None:
    assert not judge([week(0), week(2)]).is_alarm


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 3))
def test_each_row_of_bad_weeks_is_told_once_however_often_we_look(
    bad: list[bool], looks: int
) -> None:
    weeks = list[WeekLoad]()
    for number, is_bad in enumerate(bad):
        weeks.append(week(number, inflow=20 if is_bad else 5))
        for _ in range(looks):
            if judge(weeks).tell:
                weeks[-1] = replace(weeks[-1], told=True)
    rows = [len(list(row)) for is_bad, row in groupby(bad) if is_bad]
    assert sum(one.told for one in weeks) == sum(length >= IN_A_ROW for length in rows)
