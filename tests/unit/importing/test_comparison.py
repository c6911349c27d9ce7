"""Whom the other tool would page and whom we would: the differences add up and miss nothing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.importing.logic.comparison import compare, stretch
from evenfall.importing.logic.drafts import Held

START = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def held(starts: float, ends: float, person: int) -> Held:
    return Held(at(starts), at(ends), person)


def differences(theirs: list[Held], ours: list[Held], hours: float = 24) -> list[object]:
    found = compare(theirs, ours, at(0), at(hours)).differences
    return [(one.starts_at, one.ends_at, one.theirs, one.ours) for one in found]


def test_equal_schedules_do_not_differ() -> None:
    assert differences([held(0, 24, 1)], [held(0, 12, 1), held(12, 24, 1)]) == []


def test_neighbours_with_the_same_people_are_joined() -> None:
    theirs = [held(0, 6, 1), held(6, 24, 1)]
    assert differences(theirs, [held(0, 12, 2), held(12, 24, 1)]) == [(at(0), at(12), (1,), (2,))]


def test_nobody_on_one_side_is_a_difference() -> None:
    assert differences([held(0, 24, 1)], [held(2, 24, 1)]) == [(at(0), at(2), (1,), ())]


def test_several_people_at_once_are_compared_as_a_whole() -> None:
    theirs = [held(0, 24, 1), held(0, 24, 2)]
    assert differences(theirs, [held(0, 24, 1)]) == [(at(0), at(24), (1, 2), (1,))]
    assert differences(theirs, [held(0, 24, 2), held(0, 24, 1)]) == []


def test_only_what_the_other_tool_spoke_of_is_compared() -> None:
    assert stretch([], at(0)) == (at(0), at(0))
    assert stretch([held(-5, 10, 1)], at(0)) == (at(0), at(10))
    assert stretch([held(5, 99_999, 1)], at(0)) == (at(5), at(8 * 168))
    assert stretch([held(-9, -5, 1)], at(0)) == (at(0), at(0))


SPANS = st.lists(
    st.tuples(st.integers(-5, 30), st.integers(1, 12), st.integers(1, 3)).map(
        lambda three: held(three[0], three[0] + three[1], three[2])
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_every_hour_is_a_difference_or_the_same(theirs: list[Held], ours: list[Held]) -> None:
    found = compare(theirs, ours, at(0), at(24))
    for hour in range(24):
        moment = at(hour + 0.5)
        sides = [
            {one.person for one in spans if one.starts_at <= moment < one.ends_at}
            for spans in (theirs, ours)
        ]
        inside = [one for one in found.differences if one.starts_at <= moment < one.ends_at]
        assert bool(inside) == (sides[0] != sides[1])
        if inside:
            assert [set(inside[0].theirs), set(inside[0].ours)] == sides
    assert found.hours_of_difference <= found.hours == 24
