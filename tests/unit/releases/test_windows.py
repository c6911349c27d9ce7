"""Windows over weeks, holidays, handovers and nights in which the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.releases.forms.reading import hours_of, hours_text
from evenfall.releases.logic.windows import (
    Hours,
    Window,
    closes_at,
    flaws,
    is_open,
    next_open,
    spans,
    without_handovers,
)

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Window(name="Office", zone=BERLIN, hours=tuple(Hours(d, 540, 1020) for d in range(5)))
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_it_is_open_from_its_start_until_just_before_its_end() -> None:
    assert is_open(OFFICE, at("2026-03-02T09:00+01:00"))
    assert not is_open(OFFICE, at("2026-03-02T08:59:59+01:00"))
    assert not is_open(OFFICE, at("2026-03-02T17:00+01:00"))


def test_after_the_weekend_and_a_holiday_it_opens_again_complaint_33() -> None:
    holy = replace(OFFICE, country="DE")
    # 3 April 2026 is Good Friday, the 6th Easter Monday
    found = next_open([holy], (), at=at("2026-04-02T18:00+02:00"))
    assert found is not None
    assert holy.said(found[0]) == "Tue 2026-04-07 09:00 Europe/Berlin"


def test_in_the_night_without_an_hour_a_window_is_shorter() -> None:
    night = replace(OFFICE, hours=(Hours(6, 60, 240),))
    [(starts, ends)] = spans(night, at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00"))
    assert ends - starts == 2 * HOUR
    gone = replace(OFFICE, hours=(Hours(6, 120, 180),))
    assert not list(spans(gone, at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00")))


def test_in_the_night_with_an_hour_twice_a_window_is_longer() -> None:
    night = replace(OFFICE, hours=(Hours(6, 60, 240),))
    [(starts, ends)] = spans(night, at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00"))
    assert ends - starts == 4 * HOUR


def test_it_opens_by_the_wall_after_the_clocks_changed() -> None:
    found = next_open([OFFICE], (), at=at("2026-03-27T18:00+01:00"))
    assert found == (at("2026-03-30T09:00+02:00"), OFFICE)


def test_windows_that_touch_close_once() -> None:
    whole = replace(OFFICE, hours=(Hours(0, 540, 1440), Hours(1, 0, 600), Hours(3, 0, 60)))
    assert closes_at(whole, (), at=MONDAY) == at("2026-03-03T10:00+01:00")


def test_before_handovers_it_is_closed() -> None:
    day = iter([(MONDAY, MONDAY + 8 * HOUR)])
    cut = list(
        without_handovers(day, [MONDAY - 3 * HOUR, MONDAY + HOUR / 2, MONDAY + 4 * HOUR], HOUR)
    )
    assert cut == [
        (MONDAY + HOUR / 2, MONDAY + 3 * HOUR),
        (MONDAY + 4 * HOUR, MONDAY + 8 * HOUR),
    ]
    assert list(without_handovers(iter([(MONDAY, MONDAY + HOUR)]), [MONDAY + HOUR], HOUR)) == []


def test_of_several_windows_the_first_that_opens_counts() -> None:
    tokyo = Window(name="Tokyo", zone=ZoneInfo("Asia/Tokyo"), hours=(Hours(1, 540, 600),))
    assert next_open([OFFICE, tokyo], (), at=at("2026-03-02T20:00+01:00")) == (
        at("2026-03-03T09:00+09:00"),
        tokyo,
    )
    assert next_open([replace(OFFICE, hours=())], (), at=MONDAY) is None


@pytest.mark.parametrize(
    "hours",
    [(), (Hours(7, 0, 60),), (Hours(0, 60, 60),), (Hours(0, 0, 1441),), (Hours(0, 0, 60),) * 2],
)
def test_hours_that_make_no_sense_are_refused(hours: tuple[Hours, ...]) -> None:
    assert flaws(hours)


def test_hours_that_touch_are_fine() -> None:
    assert not flaws((Hours(0, 0, 60), Hours(0, 60, 90), Hours(1, 30, 50)))


@given(
    st.integers(0, 365 * 24 * 60),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.integers(0, 6),
    st.integers(0, 1380),
    st.integers(1, 60),
)
def test_when_it_says_that_it_opens_it_is_open_and_just_before_it_is_not(
    minutes: int, zone: str, day: int, starts: int, length: int
) -> None:
    window = Window(name="w", zone=ZoneInfo(zone), hours=(Hours(day, starts, starts + length),))
    asked = MONDAY + timedelta(minutes=minutes)
    found = next_open([window], (), at=asked)
    assert found is not None
    assert is_open(window, found[0])
    if found[0] > asked:
        assert not is_open(window, found[0] - timedelta(seconds=1))


def test_days_with_the_same_hours_share_a_line() -> None:
    assert hours_text(OFFICE.hours) == "Mon-Fri 09:00-17:00"
    twice = [Hours(day, *span) for day in (0, 1, 3) for span in ((480, 720), (780, 1020))]
    assert hours_text(twice).splitlines() == [
        "Mon-Tue 08:00-12:00",
        "Mon-Tue 13:00-17:00",
        "Thu 08:00-12:00",
        "Thu 13:00-17:00",
    ]


@given(st.sets(st.tuples(st.integers(0, 6), st.sampled_from([(0, 60), (60, 120), (600, 1440)]))))
def test_lines_of_hours_say_the_same_hours_again(found: set[tuple[int, tuple[int, int]]]) -> None:
    hours = {Hours(day, *span) for day, span in found}
    assert set(hours_of(hours_text(hours))) == hours
