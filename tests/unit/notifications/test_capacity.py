from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.capacity import HARD_LIMIT, PLACES, Room, room

NOW = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
ages = st.lists(st.timedeltas(timedelta(0), timedelta(seconds=12)), max_size=HARD_LIMIT + 50)


def test_an_idle_kind_has_all_places_and_half_of_them_for_low_urgency() -> None:
    assert room([], now=NOW) == Room(high=PLACES, low=PLACES // 2)


def test_low_urgency_leaves_half_of_the_places() -> None:
    assert room([NOW] * (PLACES // 2), now=NOW) == Room(high=PLACES // 2, low=0)


def test_slow_sends_give_their_places_back() -> None:
    slow = [NOW - timedelta(seconds=5)] * PLACES
    assert room(slow, now=NOW).high == PLACES
    assert room([NOW] * PLACES, now=NOW).high == 0


def test_a_kind_that_hangs_for_long_is_full_in_the_end() -> None:
    slow = [NOW - timedelta(seconds=9)] * HARD_LIMIT
    assert room(slow, now=NOW) == Room(high=0, low=0)


@given(ages)
def test_room_never_goes_past_the_limits(out: list[timedelta]) -> None:
    free = room([NOW - age for age in out], now=NOW)
    assert 0 <= free.low <= free.high <= PLACES
    assert free.high == 0 or len(out) + free.high <= HARD_LIMIT
