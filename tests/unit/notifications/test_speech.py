"""A call says what it must, in the language of who picks up, and no more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.about import About
from evenfall.notifications.logic.phrases import LANGUAGES
from evenfall.notifications.logic.speech import (
    Saying,
    Speech,
    announcement,
    code_speech,
    keys_for,
    saying,
    wrong_key,
)

NOW = datetime(2026, 11, 21, 8, 10, tzinfo=UTC)  # a Saturday
OFFERS = ("acknowledge", "on_it", "escalate", "need_help")
DOWN = About(
    what="Error rate above 5 %",
    service="Checkout",
    severity="critical",
    since=datetime(2026, 11, 21, 7, 3, tzinfo=UTC),
    zone="Europe/Berlin",
)


def announced(
    *about: About,
    language: str = "en",
    count: int = 0,
    offers: tuple[str, ...] = OFFERS,
    title: str = "",
    is_test: bool = False,
) -> Speech:
    return announcement(
        title=title,
        about=about,
        count=count or len(about),
        offers=offers,
        is_test=is_test,
        language=language,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("language", "tag", "text"),
    [
        (
            "en",
            "en-US",
            (
                "This is Evenfall. Critical. Checkout. Error rate above 5 percent. Since 8:03."
                " Press 4 to acknowledge, 6 to escalate, 0 to hear it again."
            ),
        ),
        (
            "de",
            "de-DE",
            (
                "Hier ist Evenfall. Kritisch. Checkout. Error rate above 5 Prozent. Seit 8 Uhr 3."
                " Drücken Sie 4 zum Bestätigen, 6 zum Weitergeben, 0 zum Wiederholen."
            ),
        ),
        (
            "fr",
            "fr-FR",
            (
                "Ici Evenfall. Critique. Checkout. Error rate above 5 pour cent. Depuis 8 heures 3."
                " Appuyez sur 4 pour confirmer, 6 pour transmettre, 0 pour réécouter."
            ),
        ),
        (
            "es",
            "es-ES",
            (
                "Aquí Evenfall. Crítico. Checkout. Error rate above 5 por ciento. Desde las 8 y 3."
                " Pulse 4 para confirmar, 6 para escalar, 0 para repetir."
            ),
        ),
        (
            "pt",
            "pt-BR",
            (
                "Aqui é o Evenfall. Crítico. Checkout. Error rate above 5 por cento. Desde as"
                " 8 e 3."
                " Pressione 4 para confirmar, 6 para escalar, 0 para ouvir de novo."
            ),
        ),
    ],
)
def test_a_page_is_said_twice_in_the_language_of_the_listener(
    language: str, tag: str, text: str
) -> None:
    said = announced(DOWN, language=language)
    assert said == Speech(
        text=text, language=tag, times=2, keys=("4", "6", "0"), parting=said.parting
    )
    assert said.parting


def test_a_service_that_begins_the_problem_is_not_said_twice() -> None:
    one = About(what="Checkout is down!", service="Checkout")
    assert announced(one).text.startswith("This is Evenfall. Checkout is down! Press 4")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(0), "Since 9:10."),
        (timedelta(minutes=10), "Since 9:00."),
        (timedelta(hours=10), "Since Friday at 23:10."),
        (timedelta(days=6), "Since Sunday at 9:10."),
        (timedelta(days=9), "For 9 days."),
    ],
)
def test_since_when_is_on_the_clock_of_the_listener(age: timedelta, words: str) -> None:
    one = About(what="Down", since=NOW - age, zone="Europe/Berlin")
    assert f"Down. {words} Press" in announced(one).text


def test_a_digest_says_how_many_and_the_first_three() -> None:
    pages = [About(what=f"Problem {n}", severity="error") for n in range(5)]
    said = announced(*pages, count=12, offers=("acknowledge",)).text
    assert said == (
        "This is Evenfall. There are 12 pages for you. Error. Problem 0. Error. Problem 1."
        " Error. Problem 2. And 9 more. Press 4 to acknowledge, 0 to hear it again."
    )


def test_a_digest_of_two_needs_no_rest() -> None:
    assert "more" not in announced(DOWN, DOWN).text


def test_without_parts_the_title_is_said() -> None:
    said = announced(title="Contact method broken", offers=())
    assert said.text == "This is Evenfall. Contact method broken. Press 0 to hear it again."
    assert said.keys == ("0",)


def test_a_test_says_that_it_is_one() -> None:
    assert "This is a test page" in announced(title="Test page", is_test=True, offers=()).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_read_digit_by_digit_and_twice(language: str) -> None:
    said = code_speech("012345", language=language)
    assert "0, 1, 2, 3, 4, 5" in said.text
    assert (said.times, said.keys) == (2, ())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", Saying)
def test_what_became_of_a_key_ends_the_call(language: str, what: Saying) -> None:
    said = saying(what, language=language)
    assert said.text
    assert said.keys == ()


def test_a_wrong_key_hears_the_choices_again() -> None:
    assert wrong_key(offers=("acknowledge",), language="en") == Speech(
        text="That key does nothing here. Press 4 to acknowledge, 0 to hear it again.",
        language="en-US",
        keys=("4", "0"),
        parting="Goodbye.",
    )


def test_only_answers_on_offer_have_keys() -> None:
    assert keys_for(()) == ("0",)
    assert keys_for(("resolve", "escalate")) == ("6", "0")


@given(
    st.text(max_size=500),
    st.text(max_size=200),
    st.integers(min_value=1, max_value=500),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_two_rounds_fit_what_vendors_of_speech_take(
    what: str, service: str, count: int, language: str
) -> None:
    about = [About(what=what, service=service, severity="critical", since=NOW)] * min(count, 3)
    said = announced(*about, count=count, language=language)
    assert len(said.text) * said.times <= 1500
