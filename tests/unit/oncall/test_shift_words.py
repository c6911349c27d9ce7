import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.oncall.logic.shift_words import hours_of, in_words


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8", (8,)),
        ("8h", (8,)),
        ("3 days", (72,)),
        ("4d, 3d", (96, 72)),
        ("2 weeks", (336,)),
        ("12h; 12h + 1d", (12, 12, 24)),
        ("", None),
        ("4d,", None),
        ("soon", None),
        ("-3d", None),
        ("٣d", None),
    ],
)
def test_lengths_are_read(text: str, hours: tuple[int, ...] | None) -> None:
    assert hours_of(text) == hours


@given(st.lists(st.integers(1, 1344), min_size=1, max_size=5).map(tuple))
def test_words_are_read_as_the_same_hours(hours: tuple[int, ...]) -> None:
    assert hours_of(in_words(hours)) == hours
