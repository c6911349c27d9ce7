import pytest

from evenfall.notifications.logic.segments import segments, simplified
from evenfall.paging.logic import reply_texts
from evenfall.paging.logic.replies import Wish, read_reply
from evenfall.paging.logic.words import Reason, Response

LANGUAGES = ("en", "de", "fr", "es", "pt")
TITLE = "CRITICAL Checkout: the error rate is above five percent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    assert reply_texts.DONE[language].keys() == reply_texts.DONE["en"].keys()
    assert reply_texts.ELSE[language].keys() == reply_texts.ELSE["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", list(reply_texts.ELSE["en"]))
def test_texts_are_short(language: str, what: str) -> None:
    text = reply_texts.said(what, language=language, title=TITLE, code=12)
    assert segments(simplified(text)) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_we_tell_people_to_send_is_understood(language: str) -> None:
    how = reply_texts.said(reply_texts.HOW, language=language, code=12)
    words = how.rpartition(":")[2].strip(" .").split(",")
    meanings = [read_reply(f"12 {word}").meaning for word in words]
    assert meanings == [
        Response.ON_IT,
        Response.ESCALATE,
        Response.NEED_HELP,
        Response.RESOLVE,
    ]


def test_an_answer_is_confirmed() -> None:
    text = reply_texts.answered(
        Response.ACKNOWLEDGE, Reason.ACKNOWLEDGED, title="Shop", language="de"
    )
    assert text == "Bestätigt: Shop"


def test_an_answer_to_what_is_over_says_so() -> None:
    text = reply_texts.answered(
        Response.ACKNOWLEDGE, Reason.ALREADY_CLOSED, title="Shop", language="xx"
    )
    assert text == "Already over: Shop"


def test_an_answer_without_effect_says_so() -> None:
    text = reply_texts.answered(
        Response.ACKNOWLEDGE, Reason.NOTHING_TO_DO, title="Shop", language="en"
    )
    assert text == "Answered before: Shop"


def test_choices_list_the_newest_three() -> None:
    text = reply_texts.choices([(n, f"page {n}") for n in range(20, 25)], language="en")
    assert text.splitlines()[1:] == ["20: page 20", "21: page 21", "22: page 22"]


def test_a_reader_who_asks_for_an_explanation_gets_one() -> None:
    assert read_reply("help").meaning is Wish.EXPLAIN
    assert "STOP" in reply_texts.said(reply_texts.EXPLAIN, language="en")
