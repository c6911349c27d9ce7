from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.merging import BETWEEN, MINE, THEIRS, has_marks, merge

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "stop it"]), max_size=12).map("\n".join)


def test_merge_keeps_changes_of_both_in_different_places() -> None:
    found = merge("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE")
    assert (found.text, found.clashes) == ("ONE\ntwo\nTHREE", 0)


def test_merge_shows_both_where_both_changed_one_line() -> None:
    found = merge("one\ntwo", "one\nmine", "one\ntheirs")
    assert found.text.split("\n") == ["one", MINE, "mine", BETWEEN, "theirs", THEIRS]
    assert found.clashes == 1
    assert has_marks(found.text)
    assert not has_marks("one\n=======\ntwo")


@given(TEXTS, TEXTS)
def test_merge_with_one_that_changed_nothing_is_the_other(base: str, other: str) -> None:
    assert merge(base, base, other).text == other
    assert merge(base, other, base).text == other
    assert merge(base, other, other).text == other


@given(TEXTS, TEXTS, TEXTS)
def test_merge_loses_no_line_that_somebody_wrote(base: str, mine: str, theirs: str) -> None:
    merged = set(merge(base, mine, theirs).text.split("\n"))
    old = set(base.split("\n"))
    assert set(mine.split("\n")) - old <= merged
    assert set(theirs.split("\n")) - old <= merged


@given(TEXTS, TEXTS, TEXTS)
def test_merge_counts_the_places_it_marks(base: str, mine: str, theirs: str) -> None:
    found = merge(base, mine, theirs)
    assert found.text.split("\n").count(MINE) == found.clashes
