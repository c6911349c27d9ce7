"""Who commands next, and how much time of people an incident took."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.roles import (
    Heir,
    HeirWhy,
    Held,
    heir,
    is_only_expert,
    person_time,
)

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=10)
MINUTE = timedelta(minutes=1)

minutes = st.integers(0, 600)
stretches = st.builds(
    lambda who, one, other, is_open: Held(
        user_id=who,
        starts_at=START + min(one, other) * MINUTE,
        ends_at=None if is_open else START + max(one, other) * MINUTE,
    ),
    st.integers(1, 3),
    minutes,
    minutes,
    st.booleans(),
)


def _by_counting(held: list[Held], until: datetime) -> dict[int, int]:
    """The same, minute by minute."""
    busy: dict[int, set[int]] = {one.user_id: set() for one in held}
    for one in held:
        ends_at = until if one.ends_at is None else min(one.ends_at, until)
        first, last = (one.starts_at - START) // MINUTE, (ends_at - START) // MINUTE
        busy[one.user_id] |= set(range(first, last))
    return {user_id: len(found) for user_id, found in busy.items()}


@given(st.lists(stretches, max_size=12), minutes)
def test_overlaps_of_one_person_never_count_twice(held: list[Held], until: int) -> None:
    spent = person_time(held, until=START + until * MINUTE)
    counted = _by_counting(held, START + until * MINUTE)
    assert {user_id: time // MINUTE for user_id, time in spent.items()} == counted


@given(st.lists(stretches, max_size=12))
def test_nobody_spends_more_time_than_has_passed(held: list[Held]) -> None:
    assert all(timedelta() <= time <= END - START for time in person_time(held, until=END).values())


@given(st.lists(stretches, min_size=1, max_size=12), st.data())
def test_one_more_role_never_takes_time_away(held: list[Held], data: st.DataObject) -> None:
    less = data.draw(st.lists(st.sampled_from(held), unique_by=id))
    few, all_of_it = person_time(less, until=END), person_time(held, until=END)
    assert all(time <= all_of_it[user_id] for user_id, time in few.items())


@given(st.lists(stretches, max_size=12), st.randoms())
def test_the_order_does_not_matter(held: list[Held], random: object) -> None:
    mixed = list(held)
    random.shuffle(mixed)  # type: ignore[attr-defined] # hypothesis' own Random
    assert person_time(mixed, until=END) == person_time(held, until=END)


def test_a_gap_is_not_counted() -> None:
    held = [
        Held(user_id=1, starts_at=START, ends_at=START + 10 * MINUTE),
        Held(user_id=1, starts_at=START + 30 * MINUTE, ends_at=START + 40 * MINUTE),
    ]
    assert person_time(held, until=END) == {1: 20 * MINUTE}


def test_whoever_is_named_commands_next() -> None:
    found = heir(leaving_id=1, named_id=2, deputy_id=3, lieutenant_ids=[4])
    assert found == Heir(2, HeirWhy.NAMED)


def test_the_deputy_commands_before_the_lieutenant() -> None:
    assert heir(leaving_id=1, named_id=None, deputy_id=3, lieutenant_ids=[4]) == Heir(
        3, HeirWhy.DEPUTY
    )
    assert heir(leaving_id=1, named_id=None, deputy_id=None, lieutenant_ids=[1, 4]) == Heir(
        4, HeirWhy.LIEUTENANT
    )


@given(
    st.integers(1, 3),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3),
    st.lists(st.integers(1, 3)),
)
def test_nobody_follows_themselves_and_command_is_empty_only_without_anybody(
    leaving: int, named: int | None, deputy: int | None, lieutenants: list[int]
) -> None:
    found = heir(leaving_id=leaving, named_id=named, deputy_id=deputy, lieutenant_ids=lieutenants)
    others = {named, deputy, *lieutenants} - {None, leaving}
    assert (found is None) == (not others)
    assert found is None or found.user_id in others


def test_the_commander_alone_mends() -> None:
    assert is_only_expert(1, [1])
    assert not is_only_expert(1, [1, 2])
    assert not is_only_expert(1, [])
    assert not is_only_expert(None, [])
