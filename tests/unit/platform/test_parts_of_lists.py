import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.platform.pages import BadCursor, part


@given(st.integers(0, 40), st.integers(1, 9))
def test_the_parts_of_a_list_are_the_list_both_ways(count: int, size: int) -> None:
    items = list(range(count))
    page = part(items, cursor=None, size=size)
    assert page.previous_cursor is None
    seen, last = [*page.items], page
    while last.next_cursor is not None:
        before, last = last, part(items, cursor=last.next_cursor, size=size)
        seen += last.items
        assert part(items, cursor=last.previous_cursor, size=size) == before
    assert seen == items


@pytest.mark.parametrize("cursor", ["x", "-1", "٣", "1.5", "9" * 10])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        part([1], cursor=cursor)


def test_behind_the_end_is_nothing() -> None:
    page = part([1], cursor="7", size=5)
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], None, "2")
