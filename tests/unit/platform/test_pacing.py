from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform import pacing
from evenfall.platform.errors import TooOften
from evenfall.platform.pacing import Pace

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _pace() -> Pace:
    return Pace(most=3, per=30 * SECOND)


def test_as_many_as_allowed_may_come_at_once() -> None:
    pace = _pace()
    for _ in range(3):
        pace.spend("a", now=NOW)
    with pytest.raises(TooOften) as refused:
        pace.spend("a", now=NOW)
    assert refused.value.params == {"retry_after_s": 10}


def test_whoever_waits_as_told_is_welcome_and_a_refusal_costs_nothing() -> None:
    pace = _pace()
    for _ in range(3):
        pace.spend("a", now=NOW)
    for second in range(1, 10):
        with pytest.raises(TooOften):
            pace.spend("a", now=NOW + second * SECOND)
    pace.spend("a", now=NOW + 10 * SECOND)


def test_each_key_is_counted_for_itself() -> None:
    pace = _pace()
    for key in "aaabbbccc":
        pace.spend(key, now=NOW)
    pace.clear()
    pace.spend("a", now=NOW)


@given(st.lists(st.integers(0, 20), max_size=60))
def test_no_stretch_has_more_than_the_burst_and_what_came_back(waits: list[int]) -> None:
    pace, at, let = _pace(), NOW, list[datetime]()
    for wait in waits:
        at += wait * SECOND
        try:
            pace.spend("a", now=at)
        except TooOften:
            continue
        let.append(at)
    for first, start in enumerate(let):
        for last, end in enumerate(let[first:], start=1):
            assert last <= 3 + (end - start) / (10 * SECOND)


@pytest.mark.parametrize(("later", "kept"), [(0, 0), (60, 1)])
def test_keys_of_long_ago_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, later: int, kept: int
) -> None:
    """Also where somebody tries one secret after the other."""
    monkeypatch.setattr(pacing, "MOST_KEYS", 5)
    pace = _pace()
    for key in range(5):
        pace.spend(key, now=NOW)
    pace.spend("last", now=NOW + later * SECOND)
    assert len(pace._used_until) == kept
