from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.verification import (
    CODE_DIGITS,
    CODE_LIFETIME,
    MOST_GUESSES,
    RESEND_AFTER,
    Challenge,
    Verdict,
    code_from,
    judge,
    may_ask_again,
)

NOW = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)


def challenge(*, guesses: int = 0) -> Challenge:
    return Challenge(code="012345", asked_at=NOW, guesses=guesses)


def test_the_right_code_is_right_however_it_is_typed() -> None:
    for answer in ("012345", " 012 345 ", "012-345"):
        assert judge(challenge(), answer=answer, now=NOW) is Verdict.RIGHT


def test_a_wrong_code_is_wrong() -> None:
    for answer in ("", "12345", "0123456", "é"):
        assert judge(challenge(), answer=answer, now=NOW) is Verdict.WRONG


def test_a_code_expires() -> None:
    last = NOW + CODE_LIFETIME
    assert judge(challenge(), answer="012345", now=last) is Verdict.RIGHT
    late = last + timedelta(microseconds=1)
    assert judge(challenge(), answer="012345", now=late) is Verdict.EXPIRED


def test_guessing_ends() -> None:
    tired = challenge(guesses=MOST_GUESSES)
    assert judge(tired, answer="012345", now=NOW) is Verdict.TOO_MANY_GUESSES


def test_a_new_code_needs_a_pause() -> None:
    assert may_ask_again(None, now=NOW)
    assert not may_ask_again(NOW, now=NOW)
    assert may_ask_again(NOW, now=NOW + RESEND_AFTER)


@given(st.binary(min_size=8, max_size=64))
def test_codes_have_always_the_same_length(digest: bytes) -> None:
    code = code_from(digest)
    assert len(code) == CODE_DIGITS
    assert code.isdecimal()
