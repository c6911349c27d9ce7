from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.reply_codes import LONG, SHORT, next_code


def test_the_first_code_has_two_digits() -> None:
    assert next_code(None, taken=()) == 10


def test_codes_go_round() -> None:
    assert next_code(10, taken={10}) == 11
    assert next_code(99, taken={99}) == 10


def test_a_taken_code_is_left_out() -> None:
    assert next_code(10, taken={11, 12}) == 13


def test_beyond_ninety_open_messages_codes_have_three_digits() -> None:
    assert next_code(99, taken=set(SHORT)) == 100
    assert next_code(100, taken={*SHORT, 100}) == 101


def test_when_all_are_taken_there_still_is_one() -> None:
    assert next_code(5, taken={*SHORT, *LONG}) == 100


@given(st.integers(10, 999), st.sets(st.integers(10, 999), max_size=500))
def test_a_code_is_free(last: int, taken: set[int]) -> None:
    assert next_code(last, taken=taken) not in taken
