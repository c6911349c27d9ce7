"""What a run does next. One pure function decides, so that what a crash left is read like any row.

A run goes through its steps in order. A step that fails, or whose success test does not hold in
time, ends it: then what was done is undone, the last first. A step that was under way when its
process died is *unknown*: nothing is run twice, and nothing is undone, because nobody knows what
there is to undo.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct


class StepState(StrEnum):
    """Where a step of a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    TESTING = "testing"
    OK = "ok"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class RunState(StrEnum):
    """Where a run stands. `WAITING` is for an approval, `UNDOING` from the wish to the end."""

    QUEUED = "queued"
    WAITING = "waiting"
    RUNNING = "running"
    UNDOING = "undoing"
    OK = "ok"
    FAILED = "failed"
    UNDONE = "undone"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


ENDED: Final = frozenset(
    {RunState.OK, RunState.FAILED, RunState.UNDONE, RunState.UNKNOWN, RunState.STOPPED}
)
_UNDER_WAY: Final = frozenset({StepState.RUNNING, StepState.UNDOING})


class StepNow(Struct, frozen=True, kw_only=True):
    """A step as it stands. `undoable` says that it acted and an undo was not tried yet."""

    state: StepState
    needs_approval: bool = False
    is_approved: bool = False
    undoable: bool = False


class Do(StrEnum):
    """What happens next."""

    RUN = "run"
    TEST = "test"
    UNDO = "undo"
    WAIT = "wait"
    UNKNOWN = "unknown"
    """A step was under way and nobody is at it any more."""
    END = "end"


class Move(Struct, frozen=True):
    """`step` is an index; None when the move is about the whole run, which then ends `as_`."""

    do: Do
    step: int | None = None
    as_: RunState | None = None


def next_move(
    run: RunState, steps: Sequence[StepNow], *, stops: bool = False, is_dry: bool = False
) -> Move:
    """Decide for a run that is due, which means that nobody is at it."""
    lost = _first(steps, _UNDER_WAY)
    if lost is not None:
        return Move(Do.UNKNOWN, lost)
    if _first(steps, {StepState.UNKNOWN}) is not None:
        return Move(Do.END, as_=RunState.UNKNOWN)
    if stops:
        return Move(Do.END, as_=RunState.STOPPED)
    if run is RunState.UNDOING:
        return _undo(steps)
    return _forward(steps, is_dry=is_dry)


def _forward(steps: Sequence[StepNow], *, is_dry: bool) -> Move:
    for index, step in enumerate(steps):
        if step.state is StepState.OK:
            continue
        if step.state is StepState.TESTING:
            return Move(Do.TEST, index)
        if step.state is not StepState.PLANNED:
            return Move(Do.END, as_=RunState.FAILED)
        if step.needs_approval and not step.is_approved and not is_dry:
            return Move(Do.WAIT, index)
        return Move(Do.RUN, index)
    return Move(Do.END, as_=RunState.OK)


def _undo(steps: Sequence[StepNow]) -> Move:
    for index in reversed(range(len(steps))):
        if steps[index].undoable:
            return Move(Do.UNDO, index)
    return Move(Do.END, as_=ended_after_undo(steps))


def ended_after_undo(steps: Sequence[StepNow]) -> RunState:
    """Undone when everything that acted was taken back; else people must look at what is left."""
    left = {StepState.OK, StepState.FAILED} & {step.state for step in steps}
    taken_back = any(step.state is StepState.UNDONE for step in steps)
    return RunState.UNDONE if taken_back and not left else RunState.FAILED


def _first(steps: Sequence[StepNow], states: frozenset[StepState] | set[StepState]) -> int | None:
    return next((index for index, step in enumerate(steps) if step.state in states), None)
