import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.email.inbound.own_words import own_words


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Version 3.\n\nOn Monday, Shop wrote:\n> Which?\n> Please", "Version 3."),
        ("> Which?\n\nVersion 3.", "Version 3."),
        ("Am Montag schrieb Shop:\n\n> Welche?\n\nDie dritte.", "Die dritte."),
        ("Yes\n\n-----Original Message-----\nFrom: Shop\nWhich?", "Yes"),
        ("Yes\n________________________________\nFrom: Shop", "Yes"),
        ("We see this:\nan error", "We see this:\nan error"),
        ("> all\n> quoted", ""),
        ("", ""),
    ],
)
def test_quoted_mails_are_left_out(text: str, own: str) -> None:
    assert own_words(text) == own


@given(st.text(alphabet="a:> -_\n", max_size=80))
def test_it_never_invents_words(text: str) -> None:
    lines = [line.strip() for line in text.splitlines()]
    assert all(line.strip() in lines for line in own_words(text).splitlines())
