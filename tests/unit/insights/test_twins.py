"""Two names of one problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.insights.logic.twins import Pair, twins, words

PAIR = Pair(
    first="a",
    second="b",
    first_times=10,
    second_times=10,
    first_with=9,
    second_with=9,
    after_first=(1, 2, 3, 4, 5, 6),
    after_second=(7, 8, 9),
)


def test_the_name_that_comes_first_more_often_stays() -> None:
    (found,) = twins([PAIR])
    assert (found.cause, found.symptom, found.held) == ("a", "b", PAIR.after_first)
    (other,) = twins([replace(PAIR, after_first=(1,))])
    assert (other.cause, other.symptom, other.held) == ("b", "a", PAIR.after_second)
    assert words(found, "DiskFull").startswith(
        "9 of 10 times it opened within two minutes of DiskFull, and that one seldom without it"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(PAIR, first_times=4, second_times=4, first_with=4, second_with=4),
        replace(PAIR, first_times=11),
        replace(PAIR, second_times=11),
    ],
    ids=["few", "first alone as well", "second alone as well"],
)
def test_a_name_that_says_more_than_the_other_is_not_hidden(other: Pair) -> None:
    assert twins([other]) == []


def test_of_three_names_none_waits_for_one_that_waits() -> None:
    onward = replace(PAIR, first="b", second="c")
    back = replace(PAIR, first="b", second="d", after_first=(1,), first_with=10, second_with=10)
    assert [(one.cause, one.symptom) for one in twins([PAIR, onward])] == [("a", "b")]
    # "d" comes first, so that "b" would be a symptom: it is one of "a" already
    found = [(one.cause, one.symptom) for one in twins([PAIR, back])]
    assert found == [("d", "b")]
    assert twins([replace(PAIR, first="a", second="b"), replace(PAIR, first="c", second="a")]) == (
        twins([PAIR])
    )


@given(
    st.lists(
        st.builds(
            Pair,
            first=st.sampled_from("abc"),
            second=st.sampled_from("def"),
            first_times=st.integers(5, 9),
            second_times=st.integers(5, 9),
            first_with=st.integers(0, 9),
            second_with=st.integers(0, 9),
            after_first=st.lists(st.integers(1, 9), max_size=5).map(tuple),
            after_second=st.lists(st.integers(1, 9), max_size=5).map(tuple),
        ),
        max_size=8,
    )
)
def test_no_cause_is_a_symptom(pairs: list[Pair]) -> None:
    found = twins(pairs)
    symptoms = [one.symptom for one in found]
    assert len(set(symptoms)) == len(symptoms)
    assert not {one.cause for one in found} & set(symptoms)
