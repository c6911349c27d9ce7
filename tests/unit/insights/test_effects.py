"""Whether a change helped, and what chance alone could do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.insights.logic.effects import Verdict, effect

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("before", "after", "weeks", "verdict"),
    [
        (40, 3, 4, Verdict.HELPED),
        (3, 40, 4, Verdict.WORSE),
        (5, 4, 4, Verdict.MAYBE),
        (4, 5, 4, Verdict.SAME),
        (0, 0, 4, Verdict.SAME),
        (40, 0, 0.5, Verdict.EARLY),
    ],
)
def test_verdicts(before: int, after: int, weeks: float, verdict: Verdict) -> None:
    found = effect(before=before, before_for=4 * WEEK, after=after, after_for=weeks * WEEK)
    assert found.verdict is verdict


def test_the_chance_is_that_of_a_fair_coin() -> None:
    """As long before as after: so few as 1 of 10 have 11 of 1,024 ways."""
    found = effect(before=9, before_for=WEEK, after=1, after_for=WEEK)
    assert found.chance == pytest.approx(11 / 1024)
    assert (found.before_a_week, found.after_a_week) == (9.0, 1.0)


@given(
    before=st.integers(0, 500),
    after=st.integers(0, 500),
    days=st.integers(1, 300),
)
def test_a_chance_is_between_nothing_and_all(before: int, after: int, days: int) -> None:
    found = effect(before=before, before_for=4 * WEEK, after=after, after_for=timedelta(days=days))
    assert 0 <= found.chance <= 1


@given(before=st.integers(1, 200), after=st.integers(0, 199))
def test_fewer_pages_after_are_never_less_telling(before: int, after: int) -> None:
    less = effect(before=before, before_for=WEEK, after=after, after_for=WEEK)
    more = effect(before=before, before_for=WEEK, after=after + 1, after_for=WEEK)
    if after + 1 < before:
        assert less.chance <= more.chance
