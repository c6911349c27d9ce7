"""The fixed words of pages: complete in each language, and chosen by what readers accept."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.statuspages.logic.phrase_table import ROWS
from evenfall.statuspages.logic.phrases import Language, chosen, known, phrases
from evenfall.statuspages.logic.words import PostState, Status, Told, WorkState

EN, DE, FR = Language.EN, Language.DE, Language.FR


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_phrase_asks_for_the_same_in_every_language(name: str) -> None:
    gaps = [{gap for _, gap, _, _ in Formatter().parse(text) if gap} for text in ROWS[name]]
    assert all(gaps[0] == other for other in gaps)
    assert all(text.strip() == text and text for text in ROWS[name])


@pytest.mark.parametrize("language", list(Language))
def test_every_word_that_a_page_can_say_has_a_phrase(language: Language) -> None:
    words = phrases(language)
    for kind in (Status, PostState, WorkState, Told):
        for one in kind:
            assert words[one.value]
    assert all(words[f"all_{status.value}"] for status in Status)


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [
        ("", EN),
        ("de", DE),
        ("de-CH,fr;q=0.5", DE),
        ("it,fr;q=0.4,de;q=0.6", DE),
        ("de;q=0,fr;q=0.1", FR),
        ("*", EN),
        ("ja, zh-Hans;q=0.9", EN),
        ("de;q=nonsense, fr", FR),
        (";;,,=q", EN),
    ],
)
def test_the_best_accepted_language_answers(accepts: str, expected: Language) -> None:
    assert chosen([EN, DE, FR], asked="", accepts=accepts) is expected


def test_a_language_asked_for_wins_if_the_page_speaks_it() -> None:
    assert chosen([EN, DE], asked="de", accepts="en") is DE
    assert chosen([EN, DE], asked="fr", accepts="de") is DE
    assert chosen([FR], asked="", accepts="de") is FR


@given(st.lists(st.sampled_from(list(Language)), min_size=1, unique=True), st.text(), st.text())
def test_whatever_is_sent_an_offered_language_answers(
    offered: list[Language], asked: str, accepts: str
) -> None:
    assert chosen(offered, asked=asked, accepts=accepts) in offered


def test_stored_codes_are_read_with_care() -> None:
    assert known(["fr", "xx", "fr", "en"]) == (FR, EN)
    assert known([]) == (EN,)
