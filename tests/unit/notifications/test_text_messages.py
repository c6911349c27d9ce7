from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.segments import is_gsm, segments
from evenfall.notifications.logic.text_messages import HOW_TO_ANSWER, Said, composed

LINK = "https://evenfall.example.org/s/2f-AbCdEfGhIjKl/"


def test_text_has_title_lines_answer_and_link() -> None:
    said = Said(title="CRITICAL Shop: errors", lines=("Since 14:02", ""), link=LINK, code="12")
    assert composed(said) == (
        f"CRITICAL Shop: errors\nSince 14:02\nReply 12 to acknowledge.\n{LINK}"
    )


def test_text_speaks_the_language_of_its_reader() -> None:
    text = composed(Said(title="Fehler", code="12", language="de"))
    assert text == "Fehler\nAntworte 12 zum Bestätigen."


def test_text_in_an_unknown_language_is_english() -> None:
    assert "Reply 12" in composed(Said(title="x", code="12", language="xx"))


def test_how_to_answer_fits_the_cheap_alphabet_in_every_language() -> None:
    assert all(map(is_gsm, HOW_TO_ANSWER.values()))


def test_text_keeps_its_end_when_the_title_is_long() -> None:
    text = composed(Said(title="word " * 200, lines=("never",), link=LINK, code="12"))
    assert text.endswith(f"...\nReply 12 to acknowledge.\n{LINK}")
    assert segments(text) == 2


def test_text_drops_a_long_line_and_keeps_a_short_one_after_it() -> None:
    said = Said(title="Title", lines=("x" * 400, "3 alerts"), link=LINK)
    assert composed(said) == f"Title\n3 alerts\n{LINK}"


def test_text_says_short_lines_before_long_ones() -> None:
    said = Said(title="Title", lines=("a summary " * 9, "Since 14:02", "3 alerts"))
    assert composed(said).startswith("Title\nSince 14:02\n3 alerts\na summary")


def test_text_without_an_end_is_the_title() -> None:
    assert composed(Said(title="Your code is 123456.")) == "Your code is 123456."


@given(st.text(max_size=500), st.lists(st.text(max_size=200), max_size=6))
def test_text_never_costs_more_than_two(title: str, lines: list[str]) -> None:
    text = composed(Said(title=title, lines=tuple(lines), link=LINK, code="12"))
    assert segments(text) <= 2
    assert text.endswith(LINK)
