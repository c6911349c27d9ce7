import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.chat.logic.commands import Verb, number_in, parse, split_target

NAMES = {"payments": 1, "payments api": 2, "checkout-web": 3}


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("oncall", Verb.ONCALL, ""),
        ("  OnCall   Payments ", Verb.ONCALL, "Payments"),
        ("acknowledge #17", Verb.ACK, "#17"),
        ("page checkout-web it is down", Verb.PAGE, "checkout-web it is down"),
        ("", Verb.HELP, ""),
        ("?", Verb.HELP, ""),
        ("dance now", None, "now"),
    ],
)
def test_a_line_is_a_verb_and_the_rest(text: str, verb: Verb | None, rest: str) -> None:
    command = parse(text)
    assert (command.verb, command.rest) == (verb, rest)


@given(st.text())
def test_any_line_can_be_read(text: str) -> None:
    parse(text)
    split_target(text, NAMES)
    number_in(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17", 17),
        (" #17 ", 17),
        ("https://evenfall.example.org/incidents/17/", 17),
        ("seventeen", None),
        ("", None),
        ("9" * 19, None),
        ("²", None),
    ],
)
def test_a_number_is_found_as_people_write_it(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Payments API is slow", (2, "is slow")),
        ("payments is slow", (1, "is slow")),
        ("payments", (1, "")),
        ("paymentsapi is slow", None),
        ("", None),
    ],
)
def test_the_longest_name_at_the_beginning_is_meant(
    text: str, found: tuple[int, str] | None
) -> None:
    assert split_target(text, NAMES) == found
