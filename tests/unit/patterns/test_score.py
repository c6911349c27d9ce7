"""The score: symmetric, from 0 to 1, and its parts add up."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.ports import words
from evenfall.patterns.logic.score import WEIGHTS, Part, Score, Traits, compare, faded
from evenfall.patterns.logic.words import weigher

FEW = st.frozensets(st.sampled_from("abcdef"), max_size=4)
USES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))
TEXT = frozenset({"disk", "full"})


@st.composite
def traits(draw: st.DrawFn) -> Traits:
    title = draw(FEW)
    return Traits(
        title=title,
        words=title | draw(FEW),
        services=draw(FEW),
        factors=draw(FEW),
        alerts=draw(FEW),
        releases=draw(FEW),
    )


def told(score: Score) -> dict[Part, float]:
    return {part.part: part.value for part in score.parts}


@given(traits(), traits(), USES, st.integers(0, 50))
def test_a_score_is_the_same_whoever_is_first(
    one: Traits, other: Traits, uses: dict[str, int], incidents: int
) -> None:
    weigh = weigher(uses, incidents=incidents)
    assert compare(one, other, weigh=weigh) == compare(other, one, weigh=weigh)


@given(traits(), traits(), USES, st.integers(0, 50))
def test_a_score_is_from_nothing_to_one_and_its_parts_add_up(
    one: Traits, other: Traits, uses: dict[str, int], incidents: int
) -> None:
    score = compare(one, other, weigh=weigher(uses, incidents=incidents))
    assert 0.0 <= score.value <= 1.0
    assert math.isclose(score.value, math.fsum(part.points for part in score.parts))
    if score.parts:
        assert math.isclose(math.fsum(part.share for part in score.parts), 1.0)
    assert all(0.0 <= part.value <= 1.0 for part in score.parts)


@given(traits())
def test_whatever_says_something_is_wholly_like_itself(one: Traits) -> None:
    score = compare(one, one)
    assert not score.parts or math.isclose(score.value, 1.0)


@given(traits(), traits())
def test_a_part_is_shown_with_what_both_share_or_is_worth_nothing(
    one: Traits, other: Traits
) -> None:
    for part in compare(one, other).parts:
        assert bool(part.shared) == (part.value > 0)


def test_a_part_that_one_of_both_lacks_is_left_out_and_not_counted_against_them() -> None:
    one = Traits(title=TEXT, words=TEXT, services=frozenset("1"))
    other = replace(one, factors=frozenset({"no alert"}))
    score = compare(one, other)
    assert told(score) == {Part.TEXT: pytest.approx(1.0), Part.SERVICES: 1.0}
    assert score.value == pytest.approx(1.0)


def test_every_part_weighs_what_it_should() -> None:
    one = Traits(
        title=TEXT,
        words=TEXT,
        services=frozenset("1"),
        factors=frozenset("f"),
        alerts=frozenset("a"),
        releases=frozenset("r"),
    )
    score = compare(one, replace(one, alerts=frozenset("b")))
    assert {part.part: part.share for part in score.parts} == pytest.approx(WEIGHTS)
    assert score.value == pytest.approx(0.85)


def test_the_better_of_title_and_whole_text_counts() -> None:
    one = Traits(title=TEXT, words=TEXT | {"export", "night"})
    other = Traits(title=TEXT, words=TEXT | {"backup", "morning"})
    assert told(compare(one, other))[Part.TEXT] == pytest.approx(1.0)


def test_nothing_to_compare_is_not_alike() -> None:
    assert compare(Traits(), Traits()) == Score(parts=())
    assert compare(Traits(), Traits()).value == 0.0


def test_a_word_of_few_incidents_tells_more() -> None:
    weigh = weigher({"error": 90, "cards": 2}, incidents=100)
    assert weigh("cards") > weigh("error") > 1.0
    assert weigher({}, incidents=0)("cards") == 1.0
    plain, rare = (Traits(title=frozenset(t), words=frozenset(t)) for t in (("error",), ("cards",)))
    both = Traits(title=frozenset({"error", "cards"}), words=frozenset({"error", "cards"}))
    assert compare(both, rare, weigh=weigh).value > compare(both, plain, weigh=weigh).value


def test_a_suggestion_is_worth_half_after_180_days() -> None:
    assert faded(0.8, timedelta(days=180)) == pytest.approx(0.4)
    assert faded(0.8, timedelta(days=-3)) == 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Disk of db-2 is 91 % full", "Disk of db-17 is 84 % full"),
        ("Checkout failed at 10:31", "Checkout fails at 22:05:11"),
        ("Job 7f3a9c1e2b failing", "Job 00ab12cd34 failed"),
        ("See https://a.example.org/x?y=1 now", "See https://b.example.org/z now"),
    ],
)
def test_what_differs_each_time_is_no_word(one: str, other: str) -> None:
    assert words(one) == words(other) != frozenset()


def test_numbers_that_tell_what_is_wrong_are_words() -> None:
    assert {"502", "5xx", "p99"} <= words("502 and 5xx, p99 high")
    assert words("a 1 x ___") == frozenset()
