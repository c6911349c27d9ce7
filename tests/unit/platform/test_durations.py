"""Lengths of time in words."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform import durations

UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}


def read(words: str) -> int:
    return sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+) (d|h|min|s)", words))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3601, "1 h"),
        (4320, "1 h 12 min"),
        (86_400, "1 d"),
        (86_460, "1 d"),
        (100_000, "1 d 3 h"),
        (-90, "1 min"),
        (timedelta(hours=5, minutes=17, seconds=48), "5 h 17 min"),
    ],
)
def test_the_two_largest_units_are_spoken(seconds: timedelta | float, words: str) -> None:
    assert durations.spoken(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (90, "1 min 30 s"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=1, hours=6), "1 d 6 h"),
    ],
)
def test_what_was_set_is_said_exactly(seconds: timedelta | float, words: str) -> None:
    assert durations.exact(seconds) == words


def test_days_of_business_time_are_said_in_hours() -> None:
    assert durations.exact(timedelta(minutes=2430), largest="h") == "40 h 30 min"


@given(st.integers(0, 10**9))
def test_nothing_is_lost_or_added(seconds: int) -> None:
    assert read(durations.exact(seconds)) == seconds
    spoken = read(durations.spoken(seconds))
    assert spoken <= seconds
    # at most a whole of the second unit is left out
    assert seconds - spoken < (1 if seconds < 60 else 60 if seconds < 86_400 else 3_600)
