"""Two texts from one base are put together without losing a line."""

from hypothesis import given
from hypothesis import strategies as st

from evenfall.postmortems.logic.merging import (
    BETWEEN,
    MINE,
    THEIRS,
    DiffLine,
    diff,
    has_marks,
    merge,
)

BASE = "one\ntwo\nthree"
LINES = st.lists(st.sampled_from("abcdef"), max_size=8).map("\n".join)


def test_changes_of_different_lines_go_together() -> None:
    merged = merge(BASE, "ONE\ntwo\nthree", "one\ntwo\nTHREE\nfour")
    assert (merged.text, merged.clashes) == ("ONE\ntwo\nTHREE\nfour", 0)


def test_changes_of_one_line_stand_between_marks() -> None:
    merged = merge(BASE, "one\nmine\nthree", "one\ntheirs\nthree")
    assert merged.text.splitlines() == ["one", MINE, "mine", BETWEEN, "theirs", THEIRS, "three"]
    assert merged.clashes == 1
    assert has_marks(merged.text)
    assert not has_marks(BASE)


def test_a_diff_names_what_went_and_what_came() -> None:
    assert diff("a\nb", "a\nc") == [DiffLine(" ", "a"), DiffLine("-", "b"), DiffLine("+", "c")]


@given(base=LINES, mine=LINES)
def test_who_writes_alone_wins(base: str, mine: str) -> None:
    assert merge(base, mine, base).text == mine
    assert merge(base, base, mine).text == mine
    assert merge(base, mine, mine).text == mine


@given(base=LINES, mine=LINES, theirs=LINES)
def test_no_new_line_of_anybody_is_lost(base: str, mine: str, theirs: str) -> None:
    kept = set(merge(base, mine, theirs).text.splitlines())
    assert (set(mine.splitlines()) | set(theirs.splitlines())) - set(base.splitlines()) <= kept
