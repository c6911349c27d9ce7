from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.oncall_specs import wall, window
from tests.unit.oncall.strategies import windows

from evenfall.oncall.logic import shifts
from evenfall.oncall.logic.spec import MINUTES_IN_WEEK, ShiftPattern, WeeklyWindow

MONDAY = wall("2027-01-04 09:00")
WEEKLY = ShiftPattern(starts_at=MONDAY, hours=(168,))
DAILY = ShiftPattern(starts_at=MONDAY, hours=(24,))
SPLIT = ShiftPattern(starts_at=MONDAY, hours=(96, 72))
WORKDAYS = (window("Mon 00:00", "Sat 00:00"),)


@pytest.mark.parametrize(
    ("pattern", "shown", "number"),
    [
        (WEEKLY, "2027-01-04 09:00", 0),
        (WEEKLY, "2027-01-11 08:59", 0),
        (WEEKLY, "2027-01-11 09:00", 1),
        (WEEKLY, "2027-01-04 08:59", -1),
        (SPLIT, "2027-01-08 08:59", 0),
        (SPLIT, "2027-01-08 09:00", 1),
        (SPLIT, "2027-01-11 09:00", 2),
        (SPLIT, "2027-01-03 12:00", -1),
    ],
)
def test_shift_number_counts_hand_overs(pattern: ShiftPattern, shown: str, number: int) -> None:
    assert shifts.shift_number(pattern, wall(shown)) == number


def test_first_shift_from_takes_a_shift_that_starts_just_then() -> None:
    assert shifts.first_shift_from(WEEKLY, wall("2027-01-11 09:00")) == 1
    assert shifts.first_shift_from(WEEKLY, wall("2027-01-11 09:01")) == 2
    assert shifts.first_shift_from(WEEKLY, wall("2026-01-01 00:00")) == 0


def test_worked_parts_without_windows_are_the_whole() -> None:
    end = wall("2027-01-05 09:00")
    assert shifts.worked_parts((), MONDAY, end) == [(MONDAY, end)]


def test_worked_parts_join_windows_that_touch_or_overlap() -> None:
    nights = (window("Sun 20:00", "Mon 04:00"), window("Mon 03:00", "Mon 06:00"))
    parts = shifts.worked_parts(nights, wall("2027-01-09 00:00"), wall("2027-01-12 00:00"))
    assert parts == [(wall("2027-01-10 20:00"), wall("2027-01-11 06:00"))]


def test_worked_parts_are_cut_to_the_shift() -> None:
    parts = shifts.worked_parts(WORKDAYS, wall("2027-01-08 20:00"), wall("2027-01-11 09:00"))
    assert parts == [
        (wall("2027-01-08 20:00"), wall("2027-01-09 00:00")),
        (wall("2027-01-11 00:00"), wall("2027-01-11 09:00")),
    ]


def test_turns_count_worked_shifts_only() -> None:
    days_and_weekend = shifts.turns(DAILY, (window("Mon 09:00", "Sat 09:00"),))
    assert [days_and_weekend.before(n) for n in range(9)] == [0, 1, 2, 3, 4, 5, 5, 5, 6]


@given(st.integers(-500, 500), st.sampled_from([WEEKLY, DAILY, SPLIT]))
def test_shift_number_and_start_agree(number: int, pattern: ShiftPattern) -> None:
    start, end = shifts.shift_start(pattern, number), shifts.shift_start(pattern, number + 1)
    assert shifts.shift_number(pattern, start) == number
    assert shifts.shift_number(pattern, end - timedelta.resolution) == number


@settings(max_examples=100)
@given(windows(), st.integers(0, 2 * MINUTES_IN_WEEK), st.integers(1, MINUTES_IN_WEEK))
def test_worked_parts_hold_exactly_the_minutes_of_the_windows(
    windows: tuple[WeeklyWindow, ...], offset: int, length: int
) -> None:
    start = wall("2027-01-04 00:00") + timedelta(minutes=offset)
    parts = shifts.worked_parts(windows, start, start + timedelta(minutes=length))
    for probe in range(0, length, 97):
        minute = start + timedelta(minutes=probe)
        inside = any(low <= minute < high for low, high in parts)
        assert inside == (not windows or any(_holds(w, offset + probe) for w in windows))


def _holds(window: WeeklyWindow, minute: int) -> bool:
    minute %= MINUTES_IN_WEEK
    if window.starts < window.ends:
        return window.starts <= minute < window.ends
    return minute >= window.starts or minute < window.ends
