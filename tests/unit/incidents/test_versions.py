"""The difference of two texts."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.versions import MOST_WORDS, Fate, Piece, difference

TEXTS = st.text(alphabet="ab \n", max_size=60)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(one.text for one in pieces if one.fate is not Fate.ADDED) == old
    assert "".join(one.text for one in pieces if one.fate is not Fate.REMOVED) == new


def test_a_changed_word_is_a_small_piece() -> None:
    assert difference("db-1 is down", "db-2 is down") == [
        Piece(Fate.REMOVED, "db-1"),
        Piece(Fate.ADDED, "db-2"),
        Piece(Fate.SAME, " is down"),
    ]


def test_long_texts_are_compared_line_by_line() -> None:
    line = "a b c d\n"
    long = line * MOST_WORDS
    assert difference(long + "x y\n", long + "x z\n") == [
        Piece(Fate.SAME, long),
        Piece(Fate.REMOVED, "x y\n"),
        Piece(Fate.ADDED, "x z\n"),
    ]
