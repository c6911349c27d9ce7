from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import BERLIN, at

from evenfall.oncall.logic.hours import Calendar
from evenfall.oncall.logic.overload import Reason, judge, morning
from evenfall.oncall.logic.pages import PagedFact

CALENDAR = Calendar(zone=BERLIN)
NOON = at("2027-01-04T11:00")
NIGHT = at("2027-01-05T02:00")
HOUR = timedelta(hours=1)


def _pages(*times: datetime) -> list[PagedFact]:
    return [PagedFact(user_id=1, page_id=n, at=time) for n, time in enumerate(times)]


def test_two_pages_in_twelve_hours_are_a_full_shift() -> None:
    assert judge(_pages(NOON - 5 * HOUR, NOON), [], CALENDAR, NOON) is None


def test_the_third_page_in_twelve_hours_is_too_much() -> None:
    found = judge(_pages(NOON - 5 * HOUR, NOON - HOUR, NOON), [], CALENDAR, NOON)
    assert found is not None
    assert (found.reason, found.until) == (Reason.OVERLOAD, NOON + 12 * HOUR)
    assert found.why == "3 pages of high urgency in twelve hours."


def test_pages_of_yesterday_are_over() -> None:
    old = _pages(NOON - 12 * HOUR, NOON - HOUR, NOON)
    assert judge(old, [], CALENDAR, NOON) is None


@pytest.mark.parametrize(
    ("starts", "ends", "breaks"),
    [
        (-20, 20, True),  # still on call when the rest should be over
        (-20, 5, False),  # the shift ends: there is rest after it
        (6, 20, True),  # on call again before the rest is over
        (11, 20, False),
    ],
)
def test_a_broken_night_is_a_breach_for_whoever_is_on_call_again(
    starts: int, ends: int, breaks: bool
) -> None:
    duty = (NIGHT + starts * HOUR, NIGHT + ends * HOUR)
    found = judge(_pages(NIGHT), [duty], CALENDAR, NIGHT)
    assert (found is not None) is breaks
    if found:
        assert (found.reason, found.until) == (Reason.REST, NIGHT + 11 * HOUR)


def test_one_page_by_day_breaks_no_rest() -> None:
    assert judge(_pages(NOON), [(NOON - HOUR, NOON + 99 * HOUR)], CALENDAR, NOON) is None


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2027-01-05T11:00", "2027-01-05T11:00"),
        ("2027-01-05T02:00", "2027-01-05T06:00"),
        ("2027-01-05T22:30", "2027-01-06T06:00"),
        ("2027-03-27T22:30", "2027-03-28T05:00"),  # the clocks go forward in the night
    ],
)
def test_what_can_wait_is_told_in_the_morning(now: str, told: str) -> None:
    assert morning(CALENDAR, at(now)) == at(told)


@given(st.integers(0, 60 * 24 * 800))
def test_the_morning_comes_within_a_night_and_is_no_night(minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    told = morning(CALENDAR, now)
    assert now <= told <= now + 10 * HOUR
    assert not CALENDAR.is_night(told)
