from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import BERLIN, at
from tests.unit.oncall import strategies

from evenfall.oncall.logic.hours import Calendar, Class, divided

CALENDAR = Calendar(zone=BERLIN)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[ZoneInfo, datetime, datetime]:
    zone = draw(strategies.zones())
    starts_at = draw(strategies.moments(zone, draw(strategies.years)))
    return zone, starts_at, starts_at + timedelta(minutes=draw(st.integers(0, 20_000)))


@given(stretches(), st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 6))
def test_classes_add_up_to_the_stretch_in_every_zone(
    drawn: tuple[ZoneInfo, datetime, datetime], starts: int, ends: int, holiday: int
) -> None:
    zone, low, high = drawn
    calendar = Calendar(
        zone=zone,
        night_starts=starts,
        night_ends=ends,
        is_holiday=lambda day: day.weekday() == holiday,
    )
    hours = divided(calendar, low, high)
    assert sum(hours.values()) == pytest.approx((high - low) / timedelta(hours=1))


@given(stretches(), st.integers(0, 20_000))
def test_two_parts_have_together_the_hours_of_the_whole(
    drawn: tuple[ZoneInfo, datetime, datetime], minutes: int
) -> None:
    zone, low, high = drawn
    middle = min(high, low + timedelta(minutes=minutes))
    calendar = Calendar(zone=zone)
    whole, first, second = (
        divided(calendar, *pair) for pair in ((low, high), (low, middle), (middle, high))
    )
    for one in Class:
        assert whole[one] == pytest.approx(first[one] + second[one])


def test_a_week_has_five_nights_and_a_weekend() -> None:
    hours = divided(CALENDAR, at("2027-01-04T08:00"), at("2027-01-11T08:00"))
    assert hours == {Class.HOLIDAY: 0, Class.WEEKEND: 48, Class.NIGHT: 45, Class.DAY: 75}


def test_the_night_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    # Sunday 28 March 2027 in Berlin, read as a working day by a calendar without weekends
    friday, sunday = (at("2027-03-26T21:00"), at("2027-03-28T20:00"))
    assert sum(divided(CALENDAR, friday, sunday).values()) == 47
    assert divided(CALENDAR, at("2027-03-27T23:00"), at("2027-03-28T22:00"))[Class.WEEKEND] == 23


def test_a_holiday_wins_over_weekend_and_night() -> None:
    calendar = Calendar(zone=BERLIN, is_holiday=lambda day: day == date(2027, 12, 25))
    hours = divided(calendar, at("2027-12-24T23:00"), at("2027-12-26T23:00"))
    assert (hours[Class.HOLIDAY], hours[Class.WEEKEND], hours[Class.NIGHT]) == (24, 24, 0)


@pytest.mark.parametrize(
    ("night", "clock", "asleep"),
    [
        ((1320, 420), "21:59", False),
        ((1320, 420), "22:00", True),
        ((1320, 420), "06:59", True),
        ((1320, 420), "07:00", False),
        ((60, 360), "00:30", False),
        ((60, 360), "01:00", True),
        ((60, 360), "06:00", False),
    ],
)
def test_night_may_run_over_midnight_or_not(
    night: tuple[int, int], clock: str, asleep: bool
) -> None:
    calendar = Calendar(zone=ZoneInfo("UTC"), night_starts=night[0], night_ends=night[1])
    hour, minute = map(int, clock.split(":"))
    assert calendar.is_night(datetime(2027, 1, 4, hour, minute, tzinfo=UTC)) is asleep
