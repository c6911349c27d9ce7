"""Whole texts: who is near whom, and by which words. The bounds hold for whatever is written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evenfall.patterns.logic.texts import LEAST, MOST_NEAR, SHOWN_WORDS, Document, nearest

WORDS = st.lists(st.sampled_from(("card", "queue", "slow", "full", "mail")), max_size=6)
TEXTS = st.lists(WORDS.map(" ".join), max_size=12)


def documents(*texts: str) -> list[Document]:
    return [Document(number, words) for number, words in enumerate(texts, 1)]


def test_another_wording_is_near_by_the_words_that_both_have() -> None:
    found = nearest(
        documents(
            "payment time out acquirer rejects token after certificate end",
            "customer cannot pay acquirer rejects token certificate end",
            "mail queue grow since relay slow",
            "disk full on node",
        )
    )
    (pair,) = found
    assert (pair.one, pair.other) == (1, 2)
    assert LEAST <= pair.cosine < 1.0
    assert len(pair.words) == SHOWN_WORDS
    assert "acquirer rejects" in pair.words


def test_equal_texts_are_wholly_alike() -> None:
    (pair,) = nearest(documents("disk full", "disk full"))
    assert abs(pair.cosine - 1.0) < 1e-5
    assert set(pair.words) == {"disk", "full", "disk full"}


def test_what_nearly_all_have_says_nothing() -> None:
    assert nearest(documents(*["disk full"] * 201)) == []


def test_nothing_written_is_near_nothing() -> None:
    assert nearest(documents("", "")) == []
    assert nearest([]) == []


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_pairs_are_few_in_order_and_within_their_bounds(texts: list[str]) -> None:
    found = nearest(documents(*texts))
    pairs = [(pair.one, pair.other) for pair in found]
    assert len(set(pairs)) == len(pairs) <= MOST_NEAR * len(texts)
    assert all(one < other for one, other in pairs)
    assert all(LEAST <= pair.cosine <= 1.0 for pair in found)
    assert all(len(pair.words) <= SHOWN_WORDS for pair in found)


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_the_order_of_the_texts_says_nothing(texts: list[str]) -> None:
    there = {(one.one, one.other): one.cosine for one in nearest(documents(*texts))}
    back = {(one.one, one.other): one.cosine for one in nearest(documents(*texts)[::-1])}
    # where several are equally near, which five are kept follows the order
    assert all(abs(there[pair] - back[pair]) < 1e-5 for pair in there.keys() & back.keys())
