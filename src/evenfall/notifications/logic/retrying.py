"""When to try again, and when to stop.

Waiting doubles from try to try, and each notice adds its own small part so that a thousand
notices refused in one second do not all come back in one second.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct

GOLDEN: Final = 0.618_033_988_75  # consecutive ids land far from each other in [0, 1)
SPREAD: Final = 0.2
MOST_DOUBLINGS: Final = 16  # keeps the shift small; every rule reaches its longest wait before


class Urgency(StrEnum):
    HIGH = "high"
    LOW = "low"


class RetryRule(Struct, frozen=True, kw_only=True):
    first: timedelta
    longest: timedelta
    give_up_after: timedelta  # since the notice was due for the first time


class Retry(Struct, frozen=True, kw_only=True):
    at: datetime
    reason: str


class GiveUp(Struct, frozen=True, kw_only=True):
    reason: str


HIGH_RULE: Final = RetryRule(
    first=timedelta(seconds=5),
    longest=timedelta(minutes=1),
    give_up_after=timedelta(minutes=30),
)
LOW_RULE: Final = RetryRule(
    first=timedelta(minutes=1),
    longest=timedelta(hours=1),
    give_up_after=timedelta(hours=24),
)


RULES: Final = MappingProxyType({Urgency.HIGH: HIGH_RULE, Urgency.LOW: LOW_RULE})


def backoff(rule: RetryRule, *, attempts: int, notice_id: int) -> timedelta:
    """The wait after the `attempts`-th failed try (counted from 1)."""
    doublings = min(max(attempts - 1, 0), MOST_DOUBLINGS)
    wait = min(rule.first * (1 << doublings), rule.longest)
    return wait * (1 + SPREAD * (notice_id * GOLDEN % 1))


def after_refusal(
    rule: RetryRule,
    *,
    attempts: int,
    notice_id: int,
    first_due: datetime,
    asked_wait: timedelta | None,
    now: datetime,
) -> Retry | GiveUp:
    """What follows a temporary refusal.

    `asked_wait` is the provider's Retry-After. It is honoured, and where it leads past the end
    of our patience we stop at once, so that another channel is tried now and not then.
    """
    wait = backoff(rule, attempts=attempts, notice_id=notice_id)
    end = first_due + rule.give_up_after
    if asked_wait is not None and asked_wait > wait:
        if now + asked_wait > end:
            return GiveUp(reason="the provider asks to wait too long")
        return Retry(at=now + asked_wait, reason="the provider asked to wait")
    if now + wait > end:
        return GiveUp(reason=f"gave up after {attempts} tries")
    return Retry(at=now + wait, reason=f"try {attempts} failed")


def after_lost_hand_over(
    urgency: Urgency, *, attempts: int, notice_id: int, first_due: datetime, now: datetime
) -> Retry | GiveUp:
    """What follows when nobody knows whether the provider got the message.

    High urgency goes out again, with the same idempotency key: a doubled page is cheaper than
    a missed one. Low urgency stays unknown and visible. The first repeat is immediate; later
    ones wait, because a message that kills its sender each time must not do so in a tight loop.
    """
    if urgency is Urgency.LOW:
        return GiveUp(reason="low urgency is not sent twice")
    rule = RULES[urgency]
    if now > first_due + rule.give_up_after:
        return GiveUp(reason="too old to send again")
    wait = timedelta(0)
    if attempts > 1:
        wait = backoff(rule, attempts=attempts, notice_id=notice_id)
    return Retry(at=now + wait, reason="the sender stopped while handing over")
