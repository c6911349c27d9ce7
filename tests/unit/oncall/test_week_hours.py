from datetime import time

from hypothesis import given
from tests.factories.oncall_specs import window
from tests.unit.oncall.strategies import windows

from evenfall.oncall.logic.spec import MINUTES_IN_WEEK, WeeklyWindow
from evenfall.oncall.logic.week_hours import HoursLine, as_lines, as_windows

WORKDAYS = frozenset(range(5))


def _minutes(found: tuple[WeeklyWindow, ...]) -> set[int]:
    whole = set()
    for one in found:
        length = (one.ends - one.starts - 1) % MINUTES_IN_WEEK + 1
        whole |= {(one.starts + minute) % MINUTES_IN_WEEK for minute in range(length)}
    return whole


def test_working_hours_are_one_line_and_five_windows() -> None:
    office = HoursLine(WORKDAYS, time(9), time(17))
    found = as_windows([office])
    assert (found[0], len(found)) == (window("Mon 09:00", "Mon 17:00"), 5)
    assert as_lines(found) == (office,)


def test_nights_stay_one_line_also_over_sunday_midnight() -> None:
    nights = HoursLine(frozenset(range(7)), time(22), time(6))
    assert as_windows([nights])[-1] == window("Sun 22:00", "Mon 06:00")
    assert as_lines(as_windows([nights])) == (nights,)


def test_a_weekend_is_told_by_its_days() -> None:
    assert as_lines([window("Fri 17:00", "Mon 09:00")]) == (
        HoursLine(frozenset({0}), time(0), time(9)),
        HoursLine(frozenset({4}), time(17), time(0)),
        HoursLine(frozenset({5, 6}), time(0), time(0)),
    )


@given(windows())
def test_lines_say_the_same_minutes(found: tuple[WeeklyWindow, ...]) -> None:
    assert _minutes(as_windows(as_lines(found))) == _minutes(found)
