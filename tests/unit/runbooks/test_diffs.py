from hypothesis import given
from hypothesis import strategies as st

from evenfall.runbooks.logic.diffs import difference

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=30).map("\n".join)


def test_difference_shows_a_few_lines_around_and_leaves_the_rest_out() -> None:
    old = "\n".join(map(str, range(20)))
    new = old.replace("\n10\n", "\nten\n")
    shown = [(line.sign, line.text) for line in difference(old, new)]
    assert shown[0] == ("…", "")
    assert shown[1:] == [
        *((" ", str(n)) for n in (7, 8, 9)),
        ("-", "10"),
        ("+", "ten"),
        *((" ", str(n)) for n in (11, 12, 13)),
    ]
    assert [line.tone for line in difference("a", "b")] == ["removed", "added"]


def test_difference_leaves_out_what_lies_between_two_changes() -> None:
    old = "\n".join(map(str, range(30)))
    new = f"first\n{old}\nlast"
    assert [line.sign for line in difference(old, new)].count("…") == 1


@given(TEXTS, TEXTS)
def test_difference_is_empty_exactly_for_equal_texts(before: str, after: str) -> None:
    assert (not difference(before, after)) is (before == after)
