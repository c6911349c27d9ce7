"""Weekly windows follow the clock on the wall, over every change of daylight-saving time."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.paging.logic.window import OpenHours, WeeklyWindow

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
instants = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n))
NIGHT = WeeklyWindow(zone="UTC", days=frozenset({4}), start=time(22), end=time(6))


def test_working_hours_open_at_nine_and_close_at_five() -> None:
    window = OpenHours().window("UTC")
    assert not window.contains(MONDAY + timedelta(hours=8, minutes=59))
    assert window.contains(MONDAY + timedelta(hours=9))
    assert not window.contains(MONDAY + timedelta(hours=17))


def test_working_hours_are_closed_on_saturday() -> None:
    assert not OpenHours().window("UTC").contains(MONDAY + timedelta(days=5, hours=10))


def test_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    friday = MONDAY + timedelta(days=4)
    assert NIGHT.contains(friday + timedelta(hours=23))
    assert NIGHT.contains(friday + timedelta(days=1, hours=5))
    assert not NIGHT.contains(friday + timedelta(hours=5))
    assert not NIGHT.contains(friday + timedelta(days=1, hours=6))


def test_next_open_inside_the_window_is_now() -> None:
    at = MONDAY + timedelta(hours=10)
    assert OpenHours().window("UTC").next_open(at) == at


def test_next_open_on_friday_evening_is_monday_morning() -> None:
    friday_evening = MONDAY + timedelta(days=4, hours=20)
    assert OpenHours().window("UTC").next_open(friday_evening) == MONDAY + timedelta(
        days=7, hours=9
    )


def test_next_open_keeps_local_nine_over_the_change_to_summer_time() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    opens = OpenHours().window("Europe/Berlin").next_open(saturday)
    assert opens == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_next_open_of_a_window_in_the_skipped_hour_is_a_week_later() -> None:
    window = WeeklyWindow(
        zone="Europe/Berlin", days=frozenset({6}), start=time(2, 10), end=time(2, 50)
    )
    before_the_gap = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert window.next_open(before_the_gap) == datetime(2026, 4, 5, 0, 10, tzinfo=UTC)


def test_next_open_of_a_window_without_days_is_now() -> None:
    window = WeeklyWindow(zone="UTC", days=frozenset(), start=time(9), end=time(17))
    assert window.next_open(MONDAY) == MONDAY


@given(
    zone=st.sampled_from(sorted(available_timezones())),
    at=instants,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.integers(0, 23),
    end=st.integers(0, 23),
)
def test_next_open_is_never_early_and_lies_in_the_window(
    zone: str, at: datetime, days: frozenset[int], start: int, end: int
) -> None:
    window = WeeklyWindow(zone=zone, days=days, start=time(start), end=time(end))
    opens = window.next_open(at)
    assert opens >= at
    assert window.contains(opens)
    assert opens - at <= timedelta(days=9)


@given(
    at=instants,
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_contains_agrees_with_the_clock_on_the_wall(at: datetime, zone: str) -> None:
    local = at.astimezone(ZoneInfo(zone))
    expected = local.weekday() < 5 and 9 <= local.hour < 17
    assert OpenHours().window(zone).contains(at) is expected


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (range(7), "Every day"),
        (range(5), "Monday to Friday"),
        ({0, 2}, "Monday and Wednesday"),
        ({0, 1}, "Monday and Tuesday"),
        ({0, 2, 5}, "Monday, Wednesday and Saturday"),
        ({6}, "Sunday"),
    ],
)
def test_open_hours_are_told_in_words(days: Iterable[int], words: str) -> None:
    hours = OpenHours(days=frozenset(days), start=time(8, 30), end=time(18))
    assert hours.words() == f"{words}, 08:30 to 18:00"
