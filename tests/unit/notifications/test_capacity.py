from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.capacity import HARD_FACTOR, PLACES, room
from evenfall.notifications.logic.retrying import Urgency

NOW = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
urgencies = pytest.mark.parametrize("urgency", list(Urgency))


@urgencies
def test_an_idle_kind_has_all_its_places(urgency: Urgency) -> None:
    assert room(urgency, [], now=NOW) == PLACES[urgency]


@urgencies
def test_slow_sends_give_their_places_back(urgency: Urgency) -> None:
    places = PLACES[urgency]
    assert room(urgency, [NOW] * places, now=NOW) == 0
    assert room(urgency, [NOW - timedelta(seconds=5)] * places, now=NOW) == places


@urgencies
def test_a_kind_that_hangs_for_long_is_full_in_the_end(urgency: Urgency) -> None:
    slow = [NOW - timedelta(seconds=9)] * PLACES[urgency] * HARD_FACTOR
    assert room(urgency, slow, now=NOW) == 0


@given(
    st.sampled_from(Urgency),
    st.lists(st.timedeltas(timedelta(0), timedelta(seconds=12)), max_size=300),
)
def test_room_never_goes_past_the_limits(urgency: Urgency, out: list[timedelta]) -> None:
    free = room(urgency, [NOW - age for age in out], now=NOW)
    assert 0 <= free <= PLACES[urgency]
    assert free == 0 or len(out) + free <= PLACES[urgency] * HARD_FACTOR
