"""When a copy is made again, and what of it has to be stored."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic.copying import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    next_round,
    next_try,
    to_store,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = ["assets/a", "feed", "history", "index"]


@given(st.integers(3, 1440))
def test_one_lost_round_makes_no_reader_see_a_warning(minutes: int) -> None:
    assert 2 * (next_round(minutes, now=NOW) - NOW) <= timedelta(minutes=minutes)


@given(st.integers(1, 10_000))
def test_pauses_grow_up_to_a_limit(failures: int) -> None:
    first, second = (next_try(count, now=NOW) - NOW for count in (failures, failures + 1))
    assert FIRST_PAUSE <= first <= second <= LONGEST_PAUSE


@given(st.sets(st.sampled_from(NAMES)))
def test_what_changed_is_stored_and_the_index_last(changed: set[str]) -> None:
    digests = dict.fromkeys(NAMES, "new")
    stored = {name: "old" if name in changed else "new" for name in NAMES}
    found = to_store(NAMES, digests, stored)
    assert changed <= set(found) <= changed | {"index"}
    assert found == sorted(found, key=NAMES.index)
    assert not changed or found[-1] == "index"


def test_all_of_a_new_copy_is_stored() -> None:
    assert to_store(NAMES, dict.fromkeys(NAMES, "new"), {}) == NAMES
