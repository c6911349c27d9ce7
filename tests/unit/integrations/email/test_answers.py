"""The first words of an answer, and everything that must not act."""

import pytest

from evenfall.integrations.email.inbound.answers import WORDS, response_in
from evenfall.paging.ports import Response


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ack", Response.ACKNOWLEDGE),
        ("\n  ACK!\n\nOn Monday, Evenfall wrote:\n> resolve", Response.ACKNOWLEDGE),
        ("Bestätigt, danke", Response.ACKNOWLEDGE),
        ("Reçu.", Response.ACKNOWLEDGE),
        ("I'm on it", Response.ON_IT),
        ("I\N{RIGHT SINGLE QUOTATION MARK}m on it, give me 5 min", Response.ON_IT),
        ("Ich kümmere mich darum", Response.ON_IT),
        ("estoy en ello", Response.ON_IT),
        ("Escalate please", Response.ESCALATE),
        ("Hilfe!", Response.NEED_HELP),
        ("Besoin d'aide", Response.NEED_HELP),
        ("resolved - was a bad cable", Response.RESOLVE),
        ("Résolu", Response.RESOLVE),
        ("**ok**", Response.ACKNOWLEDGE),
    ],
)
def test_known_words_are_answers(text: str, meant: Response) -> None:
    assert response_in(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "> ack",
        "On Monday, 2 March 2026 at 12:00 Evenfall <e@example.org> wrote:\n> ack",
        "Am 02.03.2026 um 12:00 schrieb Evenfall:\n> ack",
        "Le lun. 2 mars 2026 à 12:00, Evenfall <e@example.org> a écrit :\n\nack",
        "-----Original Message-----\nack",
        "________________________________\nFrom: Evenfall\nack",
        "From: Evenfall\nack",
        "-- \nack",
        "Sent from my iPhone\n\nack",
        "Von meinem iPhone gesendet",
        "I am out of the office until Monday. ack",
        "not ok",
        "ok?",
        "helpful",
        "resolved?",
        "What is this",
        "ack@example.org",
        "Thanks\nack",
    ],
)
def test_everything_else_is_unclear(text: str) -> None:
    assert response_in(text) is None


def test_each_word_means_its_answer() -> None:
    for response, phrases in WORDS.items():
        for phrase in phrases:
            assert response_in(phrase.upper()) is response, phrase
