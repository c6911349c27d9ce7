"""What is one tap away, and what needs words."""

import pytest

from evenfall.incidents.logic.states import LIVE, TRANSITIONS, Act, State
from evenfall.incidents.logic.steps import asking, next_steps


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("in_hand", [True, False])
def test_every_step_offered_is_one_of_the_table(state: State, in_hand: bool) -> None:
    steps = next_steps(state, in_hand=in_hand)
    assert all((state, step.act) in TRANSITIONS for step in steps)
    assert len({step.act for step in steps}) == len(steps)


@pytest.mark.parametrize("state", list(State))
def test_every_change_that_a_person_can_make_is_offered_somewhere(state: State) -> None:
    offered = {step.act.value for step in next_steps(state, in_hand=False)} | asking(state)
    changes = {
        act.value
        for (before, act), after in TRANSITIONS.items()
        if before is state and after is not state and act is not Act.ALARM
    }
    assert changes - {Act.ACKNOWLEDGE.value} <= offered


def test_the_most_likely_step_comes_first() -> None:
    first = {state: next_steps(state, in_hand=True)[0].act for state in LIVE}
    assert first[State.OPEN] is Act.ACKNOWLEDGE
    assert first[State.ACKNOWLEDGED] is Act.FIX
    assert first[State.FIXING] is Act.MONITOR
    assert first[State.MONITORING] is Act.RESOLVE
    assert first[State.PAUSED] is Act.INVESTIGATE
    assert next_steps(State.ACKNOWLEDGED, in_hand=False)[0].act is Act.MOBILISE


def test_a_paused_incident_goes_on_by_a_word_of_its_own() -> None:
    step = next_steps(State.PAUSED, in_hand=True)[0]
    assert (step.label, step.url, step.is_answer) == (
        "Go on with it",
        "incidents:investigate",
        False,
    )


def test_nothing_is_offered_for_what_is_over_for_good() -> None:
    for state in (State.CLOSED, State.DECLINED, State.MERGED):
        assert next_steps(state, in_hand=False) == ()
        assert asking(state) == frozenset({"decline"} if state is State.DECLINED else ())
