"""Proof that a contact method belongs to the person who added it."""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Final

from msgspec import Struct

CODE_DIGITS: Final = 6
CODE_LIFETIME: Final = timedelta(minutes=30)
MOST_GUESSES: Final = 5  # of a million codes: a chance of one in 200,000 for each code sent
RESEND_AFTER: Final = timedelta(seconds=30)


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY_GUESSES = "too_many_guesses"


class Challenge(Struct, frozen=True, kw_only=True):
    code: str
    asked_at: datetime
    guesses: int


def code_from(digest: bytes) -> str:
    """A code that can be typed from a phone, out of a keyed digest of at least 8 bytes."""
    number = int.from_bytes(digest[:8]) % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}d}"


def judge(challenge: Challenge, *, answer: str, now: datetime) -> Verdict:
    """Whether `answer` proves the challenge. Spaces and hyphens in it do not matter."""
    if now - challenge.asked_at > CODE_LIFETIME:
        return Verdict.EXPIRED
    if challenge.guesses >= MOST_GUESSES:
        return Verdict.TOO_MANY_GUESSES
    typed = answer.replace(" ", "").replace("-", "")
    if compare_digest(typed.encode(), challenge.code.encode()):
        return Verdict.RIGHT
    return Verdict.WRONG


def may_ask_again(asked_at: datetime | None, *, now: datetime) -> bool:
    """Whether a new code may be sent, so that nobody's mailbox can be flooded by us."""
    return asked_at is None or now - asked_at >= RESEND_AFTER
