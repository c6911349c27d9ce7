import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.paging.logic.replies import Reply, Wish, read_reply
from evenfall.paging.logic.words import Response


@pytest.mark.parametrize(
    ("text", "code", "meaning"),
    [
        ("12 ack", 12, Response.ACKNOWLEDGE),
        ("ack 12", 12, Response.ACKNOWLEDGE),
        ("12", 12, Response.ACKNOWLEDGE),
        ("#12", 12, Response.ACKNOWLEDGE),
        ("  12.  ", 12, Response.ACKNOWLEDGE),
        ("ACK12", 12, Response.ACKNOWLEDGE),
        ("12ack", 12, Response.ACKNOWLEDGE),
        ("ack", None, Response.ACKNOWLEDGE),
        ("Ok!", None, Response.ACKNOWLEDGE),
        ("12 On It", 12, Response.ON_IT),
        ("I'm on it 12", 12, Response.ON_IT),
        ("12 bin dran", 12, Response.ON_IT),
        ("12 übernehme", 12, Response.ON_IT),
        ("12 je m'en occupe", 12, Response.ON_IT),
        ("345 me encargo", 345, Response.ON_IT),
        ("12 estou nisso", 12, Response.ON_IT),
        ("12 escalate", 12, Response.ESCALATE),
        ("eskalieren 12", 12, Response.ESCALATE),
        ("12 help", 12, Response.NEED_HELP),
        ("12 Hilfe", 12, Response.NEED_HELP),
        ("need help", None, Response.NEED_HELP),
        ("12 resolved", 12, Response.RESOLVE),
        ("12 gelöst", 12, Response.RESOLVE),
        ("12 résolu", 12, Response.RESOLVE),
        ("12 Bestätigt", 12, Response.ACKNOWLEDGE),
        ("help", None, Wish.EXPLAIN),
        ("?", None, Wish.EXPLAIN),
        ("STOP", None, Wish.STOP),
        ("Stop.", None, Wish.STOP),
        ("arrêt", None, Wish.STOP),
        ("START", None, Wish.START),
        ("12 stop", 12, None),
        ("12 13", None, None),
        ("what is this", None, None),
        ("1234", None, None),
        ("call me at 12:30", None, None),
        ("", None, None),
        ("ack " * 200, None, None),
    ],
)
def test_reply_is_read_as_it_was_meant(
    text: str, code: int | None, meaning: Response | Wish | None
) -> None:
    assert read_reply(text) == Reply(code=code, meaning=meaning)


@given(st.text(max_size=500))
def test_any_text_can_be_read(text: str) -> None:
    reply = read_reply(text)
    assert reply.code is None or 0 <= reply.code <= 999


@given(st.integers(10, 999), st.sampled_from(["ack", "ACK ", " Ack!"]), st.booleans())
def test_number_and_word_come_in_any_order(code: int, word: str, first: bool) -> None:
    text = f"{code} {word}" if first else f"{word} {code}"
    assert read_reply(text) == Reply(code=code, meaning=Response.ACKNOWLEDGE)
