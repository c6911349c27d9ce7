"""The score: symmetric, from 0 to 1, and its parts add up."""

import math
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.incidents.ports import letters, plain_title, words
from evenfall.patterns.logic.score import WEIGHTS, Part, Read, Score, Traits, compare, faded
from evenfall.patterns.logic.words import weigher

FEW = st.frozensets(st.sampled_from("abcdef"), max_size=4)
USES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50))
TEXT = frozenset({"disk", "full"})
TITLES = st.lists(st.sampled_from(("disk", "disc", "full", "fulls", "of", "node")), max_size=4)
HEADINGS = TITLES.map(" ".join)
KINDS = st.sampled_from(["services", "factors", "alerts", "releases"])


@st.composite
def traits(draw: st.DrawFn) -> Traits:
    title = draw(FEW)
    return Traits(
        heading=draw(HEADINGS),
        title=title,
        words=title | draw(FEW),
        services=draw(FEW),
        factors=draw(FEW),
        alerts=draw(FEW),
        releases=draw(FEW),
    )


def told(score: Score) -> dict[Part, float]:
    return {part.part: part.value for part in score.parts}


READS = st.none() | st.builds(Read, cosine=st.floats(0, 1), words=st.just(("disk",)))


@given(traits(), traits(), USES, st.integers(0, 50))
def test_a_score_is_the_same_whoever_is_first(
    one: Traits, other: Traits, uses: dict[str, int], incidents: int
) -> None:
    weigh = weigher(uses, incidents=incidents)
    assert compare(one, other, weigh=weigh) == compare(other, one, weigh=weigh)


@given(traits(), traits(), USES, st.integers(0, 50), READS)
def test_a_score_is_from_nothing_to_one_and_its_parts_add_up(
    one: Traits, other: Traits, uses: dict[str, int], incidents: int, read: Read | None
) -> None:
    score = compare(one, other, weigh=weigher(uses, incidents=incidents), read=read)
    assert 0.0 <= score.value <= 1.0
    assert math.isclose(score.value, math.fsum(part.points for part in score.parts))
    if score.parts:
        assert math.isclose(math.fsum(part.share for part in score.parts), 1.0)
    assert all(0.0 <= part.value <= 1.0 for part in score.parts)


@given(traits())
def test_whatever_says_something_is_wholly_like_itself(one: Traits) -> None:
    score = compare(one, one)
    assert not score.parts or math.isclose(score.value, 1.0)


@given(traits(), traits(), READS)
def test_a_part_is_shown_with_what_both_share_or_is_worth_nothing(
    one: Traits, other: Traits, read: Read | None
) -> None:
    for part in compare(one, other, read=read).parts:
        assert bool(part.shared or part.letters or part.read.cosine) == (part.value > 0)


@given(traits(), traits(), KINDS)
def test_one_more_thing_that_both_share_never_makes_them_less_alike(
    one: Traits, other: Traits, kind: str
) -> None:
    mine, theirs = getattr(one, kind), getattr(other, kind)
    # what only one of both is known to have was left out: to know the other's brings it in
    assume(bool(mine) == bool(theirs))
    more = replace(one, **{kind: mine | {"new"}}), replace(other, **{kind: theirs | {"new"}})
    assert compare(*more).value >= compare(one, other).value - 1e-9


@given(traits(), traits(), st.sampled_from("abcxyz"))
def test_one_more_word_that_both_have_never_makes_them_less_alike(
    one: Traits, other: Traits, word: str
) -> None:
    assume(one.words and other.words)
    more = [
        replace(traits, title=traits.title | {word}, words=traits.words | {word})
        for traits in (one, other)
    ]
    assert compare(*more).value >= compare(one, other).value - 1e-9


@given(traits(), traits(), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_cosine_never_makes_them_less_alike(
    one: Traits, other: Traits, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    scores = [compare(one, other, read=Read(cosine=cosine)).value for cosine in (low, high)]
    assert scores[0] <= scores[1]


@given(st.text(max_size=30), st.text(max_size=30))
def test_letters_are_the_same_whoever_is_first_and_within_their_bounds(
    one: str, other: str
) -> None:
    value = letters(plain_title(one), plain_title(other))
    assert value == letters(plain_title(other), plain_title(one))
    assert value == 0.0 or 0.85 <= value <= 1.0
    assert letters(plain_title(one), plain_title(one)) == float(bool(plain_title(one)))


def test_titles_with_a_typing_error_are_almost_equal_and_the_reason_is_kept() -> None:
    told_apart = plain_title("Chekout database dwon"), plain_title("Checkout databse down")
    one, other = (Traits(heading=t, title=words(t), words=words(t)) for t in told_apart)
    (part,) = compare(one, other).parts
    assert part.shared == ()
    assert part.letters == part.value > 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Checkout api of eu down", "Checkout api of us down"),
        ("Imports of invoices fail", "Exports of invoices fail"),
        ("Disk of orders full", "Disk of orders full in Paris"),
        ("Disk full", ""),
    ],
)
def test_a_word_that_is_another_word_is_no_typing_error(one: str, other: str) -> None:
    assert letters(plain_title(one), plain_title(other)) == 0.0


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
