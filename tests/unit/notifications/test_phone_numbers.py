import pytest

from evenfall.notifications.logic.phone_numbers import (
    Line,
    NumberUnreadableError,
    is_number,
    read_number,
    read_senders,
    sender_for,
    shown,
)

SENDERS = "DE=Evenfall\nus = +15005550006\n\n"


@pytest.mark.parametrize(
    "text", ["+49 170 1234567", "0049 170/1234567", " +49-170-1234567 ", "+49 (170) 123.45.67"]
)
def test_a_number_has_one_form(text: str) -> None:
    number = read_number(text)
    assert number.e164 == "+491701234567"
    assert (number.region, number.country_code, number.line) == ("DE", 49, Line.MOBILE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("+49 30 1234567", Line.FIXED),
        ("+34 612 345 678", Line.MOBILE),
        ("+1 202 555 0123", Line.UNKNOWN),  # the plan of North America mixes both
        ("+44 7700 900123", Line.UNKNOWN),  # kept free for films
    ],
)
def test_the_plan_of_the_country_says_what_a_number_is(text: str, line: Line) -> None:
    assert read_number(text).line is line


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0170 1234567", "the country code is missing"),
        ("+4917", "too short for a number of DE"),
        ("+1202555012345678", "too long for a number of US"),
        ("+999 123456", "no country has this code"),
        ("call me", "digits only"),
        ("", "digits only"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(NumberUnreadableError, match=why):
        read_number(text)


def test_a_number_is_shown_with_its_country() -> None:
    assert shown("+491701234567") == "+49 170 1234567 (DE)"
    assert shown("+447700900123") == "+44 7700 900123"
    assert shown("nobody") == "nobody"


def test_senders_are_lines_of_countries() -> None:
    assert read_senders(SENDERS) == {"DE": "Evenfall", "US": "+15005550006"}


@pytest.mark.parametrize("line", ["DE", "DE=", "Germany=Evenfall", "49=Evenfall"])
def test_a_line_that_is_no_sender_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line):
        read_senders(f"FR=Evenfall\n{line}")


@pytest.mark.parametrize(
    ("number", "sender"),
    [("+491701234567", "Evenfall"), ("+33612345678", "default"), ("no number", "default")],
)
def test_the_sender_suits_the_country(number: str, sender: str) -> None:
    assert sender_for(number, default="default", senders=SENDERS) == sender


def test_without_countries_there_is_one_sender() -> None:
    assert sender_for("+491701234567", default="default", senders=" ") == "default"


@pytest.mark.parametrize(
    ("sender", "answers"),
    [("+15005550006", True), ("12345", True), ("Evenfall", False), ("12", False), ("", False)],
)
def test_only_numbers_can_be_answered(sender: str, answers: bool) -> None:
    assert is_number(sender) is answers
