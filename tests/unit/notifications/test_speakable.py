"""What was written for eyes is fit for a voice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.phrases import ENGLISH, GERMAN, LANGUAGES, phrases_of
from evenfall.notifications.logic.speakable import speakable


def say(text: str, longest: int = 200) -> str:
    return speakable(text, ENGLISH, longest=longest)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Error rate above 5 %", "Error rate above 5 percent"),
        ("p99_latency >= 250ms", "p99 latency at least 250 milliseconds"),
        ("disk ≥ 90%", "disk at least 90 percent"),
        ("memory < 2GB", "memory below 2 gigabytes"),
        ("queue>1000 & growing", "queue above 1000 and growing"),
        ("CheckoutErrorRateHigh", "Checkout Error Rate High"),
        ("HTTPServerDown", "HTTP Server Down"),
        ("PAYMENTS are down on API", "payments are down on API"),
        ("primary -> replica lag", "primary replica lag"),
        ("db-1.prod.example.com", "db 1 dot prod dot example dot com"),
        ("10.0.3.7 is down", "10 dot 0 dot 3 dot 7 is down"),
        ("release 1.2.3", "release 1 dot 2 dot 3"),
        ("load 4.5", "load 4.5"),
        ("pod 550e8400-e29b-41d4-a716-446655440000", "pod an id that ends in 0, 0, 0, 0"),
        ("commit 4f2ac1d9e0b7", "commit an id that ends in e, 0, b, 7"),
        ("order 123456789012", "order an id that ends in 9, 0, 1, 2"),
        ("see https://example.org/a?b=c now", "see now"),
        ("down 🔥 [prod] *now*", "down prod now"),
        ("Zahlung für Käufer", "Zahlung für Käufer"),
        ("", ""),
    ],
)
def test_text_becomes_sayable(written: str, said: str) -> None:
    assert say(written) == said


def test_symbols_are_said_in_the_language_of_the_listener() -> None:
    assert speakable("load > 5%", GERMAN, longest=99) == "load über 5 Prozent"


def test_long_text_is_cut_between_words() -> None:
    assert say("the quick brown fox", longest=12) == "the quick"
    assert say("x" * 40, longest=10) == "x" * 10


@given(st.text(max_size=400), st.integers(min_value=1, max_value=250))
def test_nothing_is_too_long_or_unsayable(text: str, longest: int) -> None:
    said = say(text, longest)
    assert len(said) <= longest
    assert not set(said) & set('<>&{}[]|*#_/\\"`~^\n\t\0')


def test_a_language_that_nobody_speaks_here_becomes_english() -> None:
    assert phrases_of("de-AT") is GERMAN
    assert phrases_of("xx") is ENGLISH
    assert phrases_of("") is ENGLISH


def test_every_language_has_every_word() -> None:
    for words in LANGUAGES.values():
        assert words.severities.keys() == ENGLISH.severities.keys()
        assert words.symbols.keys() == ENGLISH.symbols.keys()
        assert words.units.keys() == ENGLISH.units.keys()
        assert words.choices.keys() == ENGLISH.choices.keys()
        assert len(words.weekdays) == 7
