"""The transition table and the windows for reopening."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.incidents.logic.states import (
    ENDED,
    LIVE,
    REOPEN_BY_ALERT,
    REOPEN_BY_PERSON,
    REOPENABLE,
    TERMINAL,
    TRANSITIONS,
    Act,
    Move,
    Refusal,
    State,
    move,
    reopen,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        (State.OPEN, Act.ACKNOWLEDGE, Move(State.ACKNOWLEDGED, changed=True)),
        (State.OPEN, Act.MOBILISE, Move(State.ACKNOWLEDGED, changed=True)),
        (State.OPEN, Act.ALARM, Move(State.OPEN, changed=False)),
        (State.OPEN, Act.REOPEN, Refusal.NOT_RESOLVED),
        (State.ACKNOWLEDGED, Act.ACKNOWLEDGE, Move(State.ACKNOWLEDGED, changed=False)),
        (State.ACKNOWLEDGED, Act.ALARM, Move(State.OPEN, changed=True)),
        (State.ACKNOWLEDGED, Act.RESOLVE, Move(State.RESOLVED, changed=True)),
        (State.RESOLVED, Act.RESOLVE, Move(State.RESOLVED, changed=False)),
        (State.RESOLVED, Act.ACKNOWLEDGE, Refusal.OVER),
        (State.RESOLVED, Act.MERGE, Refusal.OVER),
        (State.OPEN, Act.FIX, Refusal.UNSEEN),
        (State.OPEN, Act.PAUSE, Refusal.UNSEEN),
        (State.ACKNOWLEDGED, Act.FIX, Move(State.FIXING, changed=True)),
        (State.ACKNOWLEDGED, Act.CLOSE, Refusal.NOT_RESOLVED),
        (State.FIXING, Act.ALARM, Move(State.OPEN, changed=True)),
        (State.FIXING, Act.MERGE, Refusal.BEGUN),
        (State.FIXING, Act.DECLINE, Refusal.BEGUN),
        (State.MONITORING, Act.INVESTIGATE, Move(State.ACKNOWLEDGED, changed=True)),
        (State.MONITORING, Act.PAUSE, Refusal.BEGUN),
        (State.PAUSED, Act.MOBILISE, Refusal.PAUSED),
        (State.PAUSED, Act.FIX, Move(State.FIXING, changed=True)),
        (State.RESOLVED, Act.REVIEW, Move(State.REVIEW, changed=True)),
        (State.RESOLVED, Act.CLOSE, Move(State.CLOSED, changed=True)),
        (State.REVIEW, Act.FIX, Refusal.OVER),
        (State.REVIEW, Act.REOPEN, Move(State.OPEN, changed=True)),
        (State.CLOSED, Act.REOPEN, Refusal.CLOSED),
        (State.DECLINED, Act.RESOLVE, Refusal.DECLINED),
    ],
)
def test_move_follows_the_table(state: State, act: Act, after: Move | Refusal) -> None:
    assert move(state, act) == after


@pytest.mark.parametrize("act", list(Act))
def test_a_merged_incident_is_frozen(act: Act) -> None:
    assert move(State.MERGED, act) is Refusal.FROZEN


@given(st.sampled_from(State), st.lists(st.sampled_from(Act), max_size=20))
def test_any_sequence_of_acts_stays_inside_the_table(state: State, acts: list[Act]) -> None:
    for act in acts:
        moved = move(state, act)
        assert isinstance(moved, Refusal) == ((state, act) not in TRANSITIONS)
        if isinstance(moved, Move):
            assert moved.changed == (moved.state is not state)
            state = moved.state


@given(st.sampled_from(State), st.sampled_from(Act))
def test_doing_the_same_twice_changes_nothing_the_second_time(state: State, act: Act) -> None:
    once = move(state, act)
    if isinstance(once, Move) and act is not Act.REOPEN and act is not Act.MERGE:
        assert move(once.state, act) == Move(once.state, changed=False)


@given(st.sampled_from(sorted(TERMINAL)), st.lists(st.sampled_from(Act), max_size=20))
def test_nothing_leads_out_of_a_terminal_state(state: State, acts: list[Act]) -> None:
    for act in acts:
        assert move(state, act) in (*Refusal, Move(state, changed=False))


def test_every_state_is_live_ended_or_gone() -> None:
    gone = {State.DECLINED, State.MERGED}
    assert LIVE | ENDED | gone == set(State)
    assert not LIVE & ENDED
    assert REOPENABLE == ENDED - TERMINAL


@pytest.mark.parametrize("state", sorted(LIVE))
@pytest.mark.parametrize("act", [Act.REVIEW, Act.CLOSE])
def test_nothing_goes_to_review_that_is_not_resolved_firehydrant_trap(
    state: State, act: Act
) -> None:
    """There, starting a retrospective from chat resolves the incident without a word."""
    assert move(state, act) is Refusal.NOT_RESOLVED


def test_every_live_state_can_be_resolved() -> None:
    for state in LIVE:
        assert move(state, Act.RESOLVE) == Move(State.RESOLVED, changed=True)


@pytest.mark.parametrize("window", [REOPEN_BY_ALERT, REOPEN_BY_PERSON])
def test_reopen_is_possible_until_the_last_instant_of_the_window(window: timedelta) -> None:
    last = NOON + window
    assert reopen(State.RESOLVED, NOON, now=last, window=window) == Move(State.OPEN, changed=True)
    late = last + timedelta(microseconds=1)
    assert reopen(State.RESOLVED, NOON, now=late, window=window) is Refusal.TOO_LATE


def test_reopen_refuses_what_is_not_resolved() -> None:
    assert reopen(State.OPEN, None, now=NOON, window=REOPEN_BY_PERSON) is Refusal.NOT_RESOLVED
    assert reopen(State.MERGED, None, now=NOON, window=REOPEN_BY_PERSON) is Refusal.FROZEN


def test_reopen_without_a_time_of_resolution_is_too_late() -> None:
    assert reopen(State.RESOLVED, None, now=NOON, window=REOPEN_BY_PERSON) is Refusal.TOO_LATE
