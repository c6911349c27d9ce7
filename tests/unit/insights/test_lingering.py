"""Alerts that stay open although nobody does anything about them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.insights.logic.lingering import MARGIN, QUIETS, Lingering, ending

HOUR, DAY = 3600, 86_400
LEFT = Lingering(alerts=10, by_source=0, by_hand=10, swept=8, idle_s=[2 * DAY] * 10, acted_s=[])


def test_they_end_after_a_day_and_it_says_what_that_spares() -> None:
    found = ending(LEFT)
    assert found is not None
    assert (found.quiet, found.ended, found.hours) == (timedelta(days=1), 10, 240)
    assert found.why == (
        "10 of 10 alerts stayed open for more than a day without a word of their tool, and nobody "
        "acknowledged them: 48 hours at the median. Of all, none was ended by its tool and 10 by "
        "hand, 8 of them in a sweep."
    )


def test_where_somebody_acts_late_it_waits_twice_as_long() -> None:
    late = replace(LEFT, idle_s=[8 * DAY] * 9, acted_s=[DAY], by_hand=0, swept=0)
    found = ending(late)
    assert found is not None
    assert found.quiet == timedelta(days=3)
    assert "more than 3 days" in found.why
    assert found.why.endswith("none by hand.")
    assert ending(replace(late, acted_s=[8 * DAY])) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(LEFT, by_source=2),
        replace(LEFT, acted_s=[HOUR] * 2),
        replace(LEFT, idle_s=[2 * DAY] * 4),
        replace(LEFT, alerts=21),
        replace(LEFT, idle_s=[HOUR] * 10),
    ],
)
def test_what_ends_otherwise_or_is_needed_is_left_alone(other: Lingering) -> None:
    assert ending(other) is None


def test_a_tool_that_ends_few_may_still_be_helped() -> None:
    found = ending(replace(LEFT, by_source=1))
    assert found is not None
    assert "1 was ended by its tool" in found.why
    many = replace(LEFT, alerts=30, by_source=2, idle_s=[2 * DAY] * 28)
    assert "2 were ended" in getattr(ending(many), "why", "")


@given(
    st.builds(
        Lingering,
        alerts=st.integers(1, 40),
        by_source=st.integers(0, 40),
        by_hand=st.integers(0, 40),
        swept=st.integers(0, 40),
        idle_s=st.lists(st.integers(-10, 30 * DAY), min_size=1, max_size=40),
        acted_s=st.lists(st.integers(0, 30 * DAY), max_size=3),
    )
)
def test_nothing_ends_before_twice_the_longest_time_somebody_took(one: Lingering) -> None:
    found = ending(one)
    if found is not None:
        assert found.quiet in QUIETS
        assert found.quiet.total_seconds() >= MARGIN * max(one.acted_s, default=0)
        assert found.ended == sum(s > found.quiet.total_seconds() for s in one.idle_s)
        assert found.hours >= 0
