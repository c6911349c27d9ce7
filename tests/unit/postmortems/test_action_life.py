"""The life of an action. Answers complaints 42 and 43: nothing slips quietly, one owner, proof."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.postmortems.logic import action_life
from evenfall.postmortems.logic.action_life import (
    SETTLED,
    TRANSITIONS,
    WORK,
    ActionRefusal,
    ActionState,
    ActionStep,
    Asker,
    Wish,
    take,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=90)
PROOF = "https://example.org/change/5"
MOMENTS = st.integers(0, 500_000).map(lambda minutes: NOON + timedelta(minutes=minutes))


def after(state: ActionState, asker: Asker, **wish: object) -> ActionState | ActionRefusal:
    return take(state, Wish(**wish), owner_id=1, asker=asker, now=NOON)  # type: ignore[arg-type] # a test's shorthand


OWNER, OTHER, LEAD = Asker(user_id=1), Asker(user_id=2), Asker(user_id=3, manages=True)


@pytest.mark.parametrize(
    ("state", "asker", "wish", "expected"),
    [
        (ActionState.PROPOSED, OWNER, {"step": ActionStep.ACCEPT}, ActionState.ACCEPTED),
        (ActionState.ACCEPTED, OWNER, {"step": ActionStep.START}, ActionState.IN_PROGRESS),
        (ActionState.IN_PROGRESS, OWNER, {"step": ActionStep.FINISH}, ActionRefusal.NO_PROOF),
        (
            ActionState.IN_PROGRESS,
            OWNER,
            {"step": ActionStep.FINISH, "proof_url": PROOF},
            ActionState.DONE,
        ),
        (ActionState.DONE, OWNER, {"step": ActionStep.VERIFY}, ActionRefusal.OWN_WORK),
        (ActionState.DONE, OTHER, {"step": ActionStep.VERIFY}, ActionState.VERIFIED),
        (ActionState.VERIFIED, OTHER, {"step": ActionStep.ACCEPT}, ActionRefusal.WRONG_STATE),
        (ActionState.PROPOSED, OTHER, {"step": ActionStep.REJECT}, ActionRefusal.NO_REASON),
        (
            ActionState.PROPOSED,
            OTHER,
            {"step": ActionStep.ACCEPT_RISK, "reason": "rare", "review_at": LATER},
            ActionRefusal.NOT_MANAGER,
        ),
        (
            ActionState.PROPOSED,
            LEAD,
            {"step": ActionStep.ACCEPT_RISK, "reason": "rare", "review_at": NOON},
            ActionRefusal.NO_REVIEW,
        ),
        (
            ActionState.PROPOSED,
            LEAD,
            {"step": ActionStep.ACCEPT_RISK, "reason": "rare", "review_at": LATER},
            ActionState.RISK_ACCEPTED,
        ),
    ],
)
def test_steps(
    state: ActionState,
    asker: Asker,
    wish: dict[str, object],
    expected: ActionState | ActionRefusal,
) -> None:
    assert after(state, asker, **wish) == expected


def test_every_state_can_be_left_again() -> None:
    assert {state for state, _ in TRANSITIONS} == set(ActionState)
    assert not WORK & SETTLED
    assert action_life.possible(ActionState.DONE) == (ActionStep.VERIFY, ActionStep.REOPEN)


@pytest.mark.parametrize(
    ("state", "days", "extensions", "reason", "refusal"),
    [
        (ActionState.ACCEPTED, 7, 0, "waits for the vendor", None),
        (ActionState.ACCEPTED, 7, 2, "again", ActionRefusal.TOO_OFTEN),
        (ActionState.ACCEPTED, 7, 1, " ", ActionRefusal.NO_REASON),
        (ActionState.ACCEPTED, 0, 1, "why", ActionRefusal.NOT_LATER),
        (ActionState.DONE, 7, 0, "why", ActionRefusal.WRONG_STATE),
    ],
)
def test_a_date_moves_twice_at_most_and_with_a_reason(
    state: ActionState, days: int, extensions: int, reason: str, refusal: ActionRefusal | None
) -> None:
    wanted = NOON + timedelta(days=days)
    found = action_life.extension(state, NOON, wanted, extensions=extensions, reason=reason)
    assert found is refusal


@given(due=MOMENTS, now=MOMENTS)
def test_there_is_always_a_next_reminder_complaint_42(due: datetime, now: datetime) -> None:
    found = action_life.next_reminder(due, now)
    assert found > now
    assert (
        found in {due - action_life.AHEAD, due} or (found - due) % action_life.WEEK == timedelta()
    )
    assert now < due - action_life.AHEAD or found - now <= action_life.WEEK
    assert action_life.is_escalation(due, found) is (found > due)
