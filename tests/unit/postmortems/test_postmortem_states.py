"""The table of a post-mortem's life and what each step asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.ports import Sev
from evenfall.postmortems.logic.states import (
    EDITABLE,
    TRANSITIONS,
    Doer,
    Refusal,
    Standing,
    State,
    Step,
    possible,
    take,
)

OWNER, REVIEWER, RESPONDER = 1, 2, 3


def standing(state: State = State.DRAFT, **more: object) -> Standing:
    known: dict[str, object] = {
        "severity": Sev.SEV3,
        "owner_id": OWNER,
        "reviewer_ids": frozenset({REVIEWER}),
        "responder_ids": frozenset({OWNER, RESPONDER}),
    }
    return Standing(state=state, **(known | more))  # type: ignore[arg-type] # a test's shorthand


@pytest.mark.parametrize(
    ("before", "step", "doer", "after"),
    [
        (State.DRAFT, Step.SUBMIT, OWNER, State.IN_REVIEW),
        (State.IN_REVIEW, Step.APPROVE, REVIEWER, State.APPROVED),
        (State.APPROVED, Step.PUBLISH, OWNER, State.PUBLISHED),
        (State.PUBLISHED, Step.CLOSE, OWNER, State.CLOSED),
        (State.DRAFT, Step.CLOSE, OWNER, Refusal.WRONG_STATE),
        (State.IN_REVIEW, Step.APPROVE, OWNER, Refusal.OWN_WORK),
        (State.IN_REVIEW, Step.APPROVE, RESPONDER, Refusal.NOT_REVIEWER),
    ],
)
def test_the_way_to_closed(before: State, step: Step, doer: int, after: State | Refusal) -> None:
    assert take(standing(before), step, Doer(user_id=doer)) == after


def test_review_needs_an_owner_and_eyes_that_were_not_there() -> None:
    assert take(standing(owner_id=None), Step.SUBMIT, Doer(user_id=9)) is Refusal.NO_OWNER
    only_responders = standing(reviewer_ids=frozenset({RESPONDER, OWNER}))
    assert take(only_responders, Step.SUBMIT, Doer(user_id=9)) is Refusal.NO_REVIEWER


def test_a_critical_one_is_approved_by_a_manager() -> None:
    critical = standing(State.IN_REVIEW, severity=Sev.SEV2)
    assert take(critical, Step.APPROVE, Doer(user_id=REVIEWER)) is Refusal.NEEDS_MANAGER
    assert take(critical, Step.APPROVE, Doer(user_id=9, manages=True)) is State.APPROVED


def test_it_closes_when_every_action_is_settled() -> None:
    published = standing(State.PUBLISHED, open_actions=1)
    assert take(published, Step.CLOSE, Doer(user_id=OWNER)) is Refusal.OPEN_ACTIONS


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.DRAFT, Step.WAIVE),
        (State.IN_REVIEW, Step.SEND_BACK),
        (State.CLOSED, Step.REOPEN),
    ],
)
def test_going_back_or_leaving_out_wants_a_reason(state: State, step: Step) -> None:
    assert take(standing(state), step, Doer(user_id=9), " ") is Refusal.NO_REASON
    assert take(standing(state), step, Doer(user_id=9), "why") is TRANSITIONS[state, step]


@given(
    state=st.sampled_from(State),
    step=st.sampled_from(Step),
    doer=st.builds(Doer, user_id=st.sampled_from([1, 2, 3, 9]), manages=st.booleans()),
    owner=st.sampled_from([None, 1, 9]),
    reviewers=st.frozensets(st.sampled_from([1, 2, 3])),
    severity=st.sampled_from(Sev),
    open_actions=st.integers(0, 2),
    reason=st.sampled_from(["", "why"]),
)
def test_no_way_around_the_table_or_the_review(
    state: State,
    step: Step,
    doer: Doer,
    owner: int | None,
    reviewers: frozenset[int],
    severity: Sev,
    open_actions: int,
    reason: str,
) -> None:
    at = standing(
        state,
        owner_id=owner,
        reviewer_ids=reviewers,
        severity=severity,
        open_actions=open_actions,
    )
    after = take(at, step, doer, reason)
    if isinstance(after, Refusal):
        return
    assert after is TRANSITIONS[state, step]
    assert step in possible(state)
    if after is State.IN_REVIEW:
        assert owner is not None
        assert reviewers - {OWNER, RESPONDER, owner}
    if after is State.APPROVED:
        assert doer.user_id != owner
        assert doer.manages or not severity.is_major
    assert after is not State.CLOSED or open_actions == 0


def test_the_text_changes_only_before_approval() -> None:
    assert {State.DRAFT, State.IN_REVIEW} == EDITABLE
