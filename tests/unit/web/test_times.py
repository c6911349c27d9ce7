"""Words for times and lengths."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.web.logic import times

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=30), "in a moment"),
        (timedelta(minutes=-4), "4 min ago"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(hours=-47), "47 h ago"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_relative_uses_one_unit(ahead: timedelta, words: str) -> None:
    assert times.relative(NOW + ahead, now=NOW) == words


@given(st.integers(min_value=-(10**8), max_value=10**8))
def test_relative_always_tells_past_from_future(seconds: int) -> None:
    words = times.relative(NOW + timedelta(seconds=seconds), now=NOW)
    assert words.startswith("in ") == (seconds > 0)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW, "today 15:00"),
        (NOW + timedelta(hours=10), "tomorrow 01:00"),  # midnight is the reader's, not UTC's
        (NOW - timedelta(days=1), "yesterday 15:00"),
        (NOW + timedelta(days=5), "Mon 15:00"),
        (NOW - timedelta(days=5), "8 Jan 15:00"),  # "Fri" alone would read as the coming one
        (NOW + timedelta(days=40), "22 Feb 15:00"),
        (NOW + timedelta(days=400), "17 Feb 2028 15:00"),
    ],
)
def test_moment_is_as_short_as_it_stays_clear(value: datetime, words: str) -> None:
    assert times.moment(value, BERLIN, now=NOW) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW, "today"),
        (NOW + timedelta(days=3), "Sat 16 Jan"),
        (NOW - timedelta(days=30), "Mon 14 Dec 2026"),
    ],
)
def test_day_names_the_year_only_when_it_is_another(value: datetime, words: str) -> None:
    assert times.day(value, BERLIN, now=NOW) == words


def test_clock_is_the_readers() -> None:
    assert times.clock(NOW, BERLIN) == "15:00"


def test_full_adds_the_other_zone() -> None:
    assert times.full(NOW, BERLIN, UTC) == "Wed 13 Jan 2027, 15:00 Europe/Berlin · 14:00 UTC"


def test_full_says_when_the_other_zone_has_another_day() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    late = NOW + timedelta(hours=5)
    words = "Wed 13 Jan 2027, 20:00 Europe/Berlin · Thu 04:00 Asia/Tokyo"
    assert times.full(late, BERLIN, tokyo) == words


def test_full_leaves_out_a_zone_with_the_same_clock() -> None:
    assert times.full(NOW, BERLIN, ZoneInfo("Europe/Paris")).endswith("15:00 Europe/Berlin")


def test_full_in_the_hour_that_comes_twice_tells_both_zones() -> None:
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 02:30 in Berlin, twice that night
    assert times.full(first, BERLIN, UTC).endswith("02:30 Europe/Berlin · 00:30 UTC")
    second = first + timedelta(hours=1)
    assert times.full(second, BERLIN, UTC).endswith("02:30 Europe/Berlin · 01:30 UTC")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=38), "38 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_what_lasts_is_told_in_one_unit(ago: timedelta, words: str) -> None:
    assert times.lasting(NOW - ago, now=NOW) == words


def test_what_lasts_never_begins_in_the_future() -> None:
    """Two clocks may differ by a little."""
    assert times.lasting(NOW + timedelta(seconds=3), now=NOW) == "less than a minute"
