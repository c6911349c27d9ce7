"""Rows are rearranged by wishes, and a wish without sense changes nothing."""

import pytest

from evenfall.platform.rows import rearranged


@pytest.mark.parametrize(
    ("wish", "rows"),
    [
        ("add", ["a", "b", "c", "new"]),
        ("remove.1", ["a", "c"]),
        ("up.1", ["b", "a", "c"]),
        ("down.1", ["a", "c", "b"]),
        ("up.0", ["a", "b", "c"]),
        ("down.2", ["a", "b", "c"]),
        ("remove.9", ["a", "b", "c"]),
        ("remove.x", ["a", "b", "c"]),
        ("dance.1", ["a", "b", "c"]),
    ],
)
def test_rearranged(wish: str, rows: list[str]) -> None:
    assert rearranged(["a", "b", "c"], wish, fresh="new", most=9) == rows


def test_rows_never_become_too_many() -> None:
    assert rearranged(["a", "b"], "add", fresh="new", most=2) == ["a", "b"]
