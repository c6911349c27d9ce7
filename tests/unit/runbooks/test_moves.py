"""What a run does next."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.runbooks.logic.moves import (
    Do,
    Move,
    RunState,
    StepNow,
    StepState,
    next_move,
)

PLANNED = StepNow(state=StepState.PLANNED)
DONE = StepNow(state=StepState.OK, undoable=True)
everything = st.lists(
    st.builds(
        StepNow,
        state=st.sampled_from(StepState),
        needs_approval=st.booleans(),
        is_approved=st.booleans(),
        undoable=st.booleans(),
    ),
    max_size=6,
)


def test_steps_run_in_order_and_then_it_went_well() -> None:
    assert next_move(RunState.QUEUED, [PLANNED, PLANNED]) == Move(Do.RUN, 0)
    assert next_move(RunState.RUNNING, [DONE, PLANNED]) == Move(Do.RUN, 1)
    testing = StepNow(state=StepState.TESTING, undoable=True)
    assert next_move(RunState.RUNNING, [testing, PLANNED]) == Move(Do.TEST, 0)
    assert next_move(RunState.RUNNING, [DONE, DONE]) == Move(Do.END, as_=RunState.OK)


def test_a_step_that_needs_approval_waits_and_a_trial_does_not() -> None:
    careful = replace(PLANNED, needs_approval=True)
    assert next_move(RunState.QUEUED, [careful]) == Move(Do.WAIT, 0)
    assert next_move(RunState.QUEUED, [careful], is_dry=True) == Move(Do.RUN, 0)
    assert next_move(RunState.RUNNING, [replace(careful, is_approved=True)]) == Move(Do.RUN, 0)


def test_undoing_goes_backwards() -> None:
    failed = StepNow(state=StepState.FAILED, undoable=True)
    assert next_move(RunState.UNDOING, [DONE, failed, PLANNED]) == Move(Do.UNDO, 1)
    undone = StepNow(state=StepState.UNDONE)
    assert next_move(RunState.UNDOING, [DONE, undone, PLANNED]) == Move(Do.UNDO, 0)
    ended = Move(Do.END, as_=RunState.UNDONE)
    assert next_move(RunState.UNDOING, [undone, undone, PLANNED]) == ended


def test_what_could_not_be_undone_is_a_failure() -> None:
    left = StepNow(state=StepState.OK)
    undone = StepNow(state=StepState.UNDONE)
    failed = Move(Do.END, as_=RunState.FAILED)
    assert next_move(RunState.UNDOING, [left, undone]) == failed
    assert next_move(RunState.UNDOING, [StepNow(state=StepState.SKIPPED)]) == failed


@given(state=st.sampled_from(RunState), steps=everything, stops=st.booleans(), is_dry=st.booleans())
def test_a_step_that_was_under_way_is_never_run_again(
    state: RunState, steps: list[StepNow], *, stops: bool, is_dry: bool
) -> None:
    move = next_move(state, steps, stops=stops, is_dry=is_dry)
    if move.do in {Do.RUN, Do.TEST, Do.UNDO, Do.WAIT}:
        assert move.step is not None
        assert not {one.state for one in steps} & {StepState.RUNNING, StepState.UNDOING}
        assert StepState.UNKNOWN not in {one.state for one in steps}
        assert not stops
    if move.do is Do.RUN:
        assert move.step is not None
        assert steps[move.step].state is StepState.PLANNED
        assert is_dry or steps[move.step].is_approved or not steps[move.step].needs_approval
        assert all(one.state is StepState.OK for one in steps[: move.step])


@given(everything)
def test_undoing_ends(steps: list[StepNow]) -> None:
    """Whatever the undos come to, each is tried once and then the run is over."""
    still = [one for one in steps if one.state not in {StepState.RUNNING, StepState.UNDOING}]
    for _ in range(len(still) + 1):
        move = next_move(RunState.UNDOING, still)
        if move.do is Do.END:
            return
        assert move.step is not None
        still[move.step] = replace(still[move.step], undoable=False, state=StepState.UNDONE)
    raise AssertionError("it never ended")
