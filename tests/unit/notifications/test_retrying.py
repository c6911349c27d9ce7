from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.notifications.logic.retrying import (
    HIGH_RULE,
    LOW_RULE,
    RULES,
    SPREAD,
    GiveUp,
    Retry,
    RetryRule,
    Urgency,
    after_lost_hand_over,
    after_refusal,
    backoff,
)

NOW = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
rules = st.sampled_from([HIGH_RULE, LOW_RULE])


def refused(
    rule: RetryRule = HIGH_RULE,
    *,
    attempts: int = 1,
    age: timedelta = timedelta(0),
    asked_wait: timedelta | None = None,
) -> Retry | GiveUp:
    return after_refusal(
        rule,
        attempts=attempts,
        notice_id=0,
        first_due=NOW - age,
        asked_wait=asked_wait,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (400, 60)]
)
def test_waiting_doubles_up_to_the_longest_wait(attempts: int, seconds: int) -> None:
    assert backoff(HIGH_RULE, attempts=attempts, notice_id=0) == seconds * SECOND


@given(rules, st.integers(0, 10_000), st.integers(0, 2**62))
def test_a_wait_stays_within_its_rule(rule: RetryRule, attempts: int, notice_id: int) -> None:
    wait = backoff(rule, attempts=attempts, notice_id=notice_id)
    assert rule.first <= wait <= rule.longest * (1 + SPREAD)


def test_neighbouring_notices_do_not_come_back_together() -> None:
    waits = {backoff(HIGH_RULE, attempts=1, notice_id=number) for number in range(100)}
    assert len(waits) == 100


def test_a_refusal_is_tried_again() -> None:
    assert refused() == Retry(at=NOW + 5 * SECOND, reason="try 1 failed")


def test_patience_ends() -> None:
    age = HIGH_RULE.give_up_after
    assert refused(attempts=9, age=age) == GiveUp(reason="gave up after 9 tries")


def test_the_providers_wait_is_honoured() -> None:
    asked = timedelta(minutes=2)
    assert refused(asked_wait=asked) == Retry(at=NOW + asked, reason="the provider asked to wait")


def test_a_shorter_wait_than_ours_does_not_hurry_us() -> None:
    assert refused(asked_wait=SECOND) == Retry(at=NOW + 5 * SECOND, reason="try 1 failed")


def test_a_wait_past_our_patience_gives_up_at_once() -> None:
    answer = refused(asked_wait=timedelta(hours=1))
    assert answer == GiveUp(reason="the provider asks to wait too long")


@given(
    rules,
    st.integers(1, 100),
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_a_retry_is_in_the_future_and_within_patience(
    rule: RetryRule, attempts: int, age: timedelta, asked: timedelta | None
) -> None:
    answer = refused(rule, attempts=attempts, age=age, asked_wait=asked)
    if isinstance(answer, Retry):
        assert NOW < answer.at <= NOW - age + rule.give_up_after


def lost(
    urgency: Urgency = Urgency.HIGH, *, attempts: int = 1, age: timedelta = timedelta(0)
) -> Retry | GiveUp:
    return after_lost_hand_over(
        urgency, attempts=attempts, notice_id=0, first_due=NOW - age, now=NOW
    )


def test_high_urgency_goes_out_again_at_once() -> None:
    assert lost() == Retry(at=NOW, reason="the sender stopped while handing over")


def test_a_message_that_kills_its_sender_again_waits() -> None:
    assert lost(attempts=3) == Retry(
        at=NOW + 20 * SECOND, reason="the sender stopped while handing over"
    )


def test_low_urgency_is_not_doubled() -> None:
    assert lost(Urgency.LOW) == GiveUp(reason="low urgency is not sent twice")


def test_an_old_notice_is_not_sent_again() -> None:
    assert lost(age=timedelta(hours=1)) == GiveUp(reason="too old to send again")


def test_every_urgency_has_a_rule() -> None:
    assert set(RULES) == set(Urgency)
