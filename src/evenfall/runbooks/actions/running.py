"""Runs step by step: claim a due one, say what is to do, and write down what came of it.

Between `claim_move` and `settle` somebody acts on another system, outside of any transaction. That
it acts is committed before; so a process that dies leaves a step that is under way, and the one
who finds it knows that nobody knows what it did.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.runbooks import events
from evenfall.runbooks.actions.asking import ask_for_approval, forget_approval
from evenfall.runbooks.actions.performing import TEST_LIMIT_S, Answer, Errand
from evenfall.runbooks.actions.starting import RUN, about_run, are_stopped, limit_of
from evenfall.runbooks.logic.moves import ENDED, Do, Move, RunState, StepNow, StepState, next_move
from evenfall.runbooks.models import Run, Step, StepRun

APPROVAL_LASTS: Final = timedelta(hours=1)
BUSY_PAUSE: Final = timedelta(seconds=5)
# how long after its time limit a step is known to be lost: it was given up long before
GRACE: Final = timedelta(seconds=30)
MOST_LINES: Final = 200
_NO_WAY_BACK: Final = "There is no way back from this step."
_LOST: Final = (
    "The process that ran it was lost. Nobody knows whether it did its work: look at the target. "
    "It is not run again by itself."
)
_GAVE_UP: Final = (
    "It did not come back within its time limit and was given up. Nobody knows what it did: look "
    "at the target."
)


class Claimed(Struct, frozen=True, kw_only=True):
    """A run was moved on; `errand` is what is to be done now, None where there is nothing."""

    errand: Errand | None = None


class _Running(Struct, kw_only=True):
    """A run, its steps and the moment, while its row is locked."""

    run: Run
    steps: Sequence[StepRun]
    now: datetime


@transaction.atomic
def claim_move(*, now: datetime) -> Claimed | None:
    """Move one due run on; None where none is due. Claimed with SKIP LOCKED."""
    due = Run.objects.select_for_update(skip_locked=True, of=("self",)).select_related("runbook")
    run = due.filter(due_at__lte=now).order_by("due_at", "id").first()
    if run is None:
        return None
    steps = list(StepRun.objects.filter(run=run).order_by("position"))
    at = _Running(run=run, steps=steps, now=now)
    stops = run.stop_asked or (not run.is_dry and are_stopped())
    move = next_move(
        RunState(run.state), [_as_it_stands(one) for one in steps], stops=stops, is_dry=run.is_dry
    )
    errand = _moved(at, move)
    run.save()
    return Claimed(errand=errand)


@transaction.atomic
def settle(*, errand: Errand, answer: Answer, now: datetime) -> None:
    """Write down what came of an errand."""
    step = StepRun.objects.get(id=errand.step_run_id)
    run = Run.objects.select_for_update(of=("self",)).select_related("runbook").get(id=step.run_id)
    steps = list(StepRun.objects.filter(run=run).order_by("position"))
    at = _Running(run=run, steps=steps, now=now)
    step = next(one for one in steps if one.pk == errand.step_run_id)
    is_over = RunState(run.state) in ENDED
    if is_over or step.attempt != errand.attempt or step.state not in _EXPECTED[errand.do]:
        said = answer.result.log if answer.result else ""
        _log(step, f"An answer came too late to count. {said}".strip(), now)
        step.save()
        return
    run.due_at = now
    _SETTLE[errand.do](at, step, answer)
    step.save()
    run.save()
    wake(RUN)


def _moved(at: _Running, move: Move) -> Errand | None:
    if move.do is Do.END or move.step is None:
        _end(at, move.as_ or RunState.FAILED)
        return None
    step = at.steps[move.step]
    errand = _MOVES[move.do](at, step)
    step.save()
    return errand


def _run_step(at: _Running, step: StepRun) -> Errand | None:
    """Let it act, unless its limits or somebody at its target say no."""
    if not at.run.is_dry:
        why = _limit(at, step) or _taken(step, at)
        if why:
            _finish(at, step, StepState.SKIPPED, why)
            _begin_undo(at, f"{step.title}: {why}")
            return None
        step.acted_at, step.undoable = at.now, True
        publish(events.StepStarted(**_about_step(at, step), at=at.now, actor=at.run.asked_by))
    at.run.state = RunState.RUNNING.value
    return _under_way(at, step, Do.RUN, StepState.RUNNING)


def _test_step(at: _Running, step: StepRun) -> Errand:
    return _under_way(at, step, Do.TEST, StepState.TESTING)


def _undo_step(at: _Running, step: StepRun) -> Errand | None:
    if _taken(step, at):
        # another run acts there now: what it does is not ours to take back before it has ended
        at.run.due_at = at.now + BUSY_PAUSE
        return None
    step.undoable = False
    return _under_way(at, step, Do.UNDO, StepState.UNDOING)


def _wait(at: _Running, step: StepRun) -> None:
    if at.run.state == RunState.WAITING:
        why = "Nobody approved it in time."
        forget_approval(run=at.run, now=at.now)
        _finish(at, step, StepState.SKIPPED, why)
        _begin_undo(at, f"{step.title}: {why}")
        return
    at.run.state, at.run.due_at = RunState.WAITING.value, at.now + APPROVAL_LASTS
    ask_for_approval(run=at.run, step=step, now=at.now)


def _lose(at: _Running, step: StepRun) -> None:
    _finish(at, step, StepState.UNKNOWN, _LOST)
    step.undoable, at.run.why, at.run.due_at = False, f"{step.title}: {_LOST}"[:500], at.now


_MOVES = {
    Do.RUN: _run_step,
    Do.TEST: _test_step,
    Do.UNDO: _undo_step,
    Do.WAIT: _wait,
    Do.UNKNOWN: _lose,
}


def _under_way(at: _Running, step: StepRun, do: Do, state: StepState) -> Errand:
    """Commit that it is under way, and until when that may take."""
    limit = min(step.time_limit_s, TEST_LIMIT_S) if do is Do.TEST else step.time_limit_s
    step.state, step.attempt = state.value, step.attempt + 1
    at.run.due_at = at.now + timedelta(seconds=limit) + GRACE
    return Errand(
        step_run_id=step.pk,
        attempt=step.attempt,
        do=do,
        kind=step.kind,
        settings=step.settings,
        secrets=json.loads(step.secrets),
        memory=json.loads(step.memory),
        test_kind=step.test_kind,
        test=step.test,
        time_limit_s=limit,
        is_dry=at.run.is_dry,
    )


def _settle_run(at: _Running, step: StepRun, answer: Answer) -> None:
    result = answer.result
    if result is None:
        _give_up(at, step)
        return
    step.memory = json.dumps(dict(result.memory))
    if not result.ok:
        _finish(at, step, StepState.FAILED, result.log)
        _begin_undo(at, f"{step.title} failed.")
    elif at.run.is_dry or step.test_kind == "none":
        _finish(at, step, StepState.OK, result.log)
    else:
        _log(step, result.log, at.now)
        step.state = StepState.TESTING.value
        step.test_until = at.now + timedelta(seconds=step.test_window_s)


def _settle_test(at: _Running, step: StepRun, answer: Answer) -> None:
    result = answer.result
    said = result.log if result else "The test did not come back in time."
    if result is not None and result.ok:
        _finish(at, step, StepState.OK, f"Success test: {said}")
    elif step.test_until is not None and at.now < step.test_until:
        _log(step, f"Success test, not yet: {said}", at.now)
        at.run.due_at = min(at.now + timedelta(seconds=step.test_every_s), step.test_until)
        publish(events.StepTested(**_about_step(at, step), log=said, at=at.now))
    else:
        _finish(at, step, StepState.FAILED, f"Success test failed: {said}")
        _begin_undo(at, f"{step.title}: its success test failed.")


def _settle_undo(at: _Running, step: StepRun, answer: Answer) -> None:
    result = answer.result
    if answer.gave_up:
        _give_up(at, step)
    elif result is None:
        _finish(at, step, StepState.FAILED, _NO_WAY_BACK)
    else:
        state = StepState.UNDONE if result.ok else StepState.FAILED
        words = "Undone" if result.ok else "The undo failed"
        _finish(at, step, state, f"{words}: {result.log}")


_SETTLE = {Do.RUN: _settle_run, Do.TEST: _settle_test, Do.UNDO: _settle_undo}
_EXPECTED: Final = {
    Do.RUN: {StepState.RUNNING.value},
    Do.TEST: {StepState.TESTING.value},
    Do.UNDO: {StepState.UNDOING.value},
}


def _give_up(at: _Running, step: StepRun) -> None:
    _finish(at, step, StepState.UNKNOWN, _GAVE_UP)
    step.undoable, at.run.why = False, f"{step.title}: {_GAVE_UP}"[:500]


def _begin_undo(at: _Running, why: str) -> None:
    """The run failed: what its steps did is taken back, where they say so."""
    at.run.why = why[:500]
    if at.run.is_dry:
        return
    at.run.state, at.run.due_at = RunState.UNDOING.value, at.now
    for one in at.steps:
        if one.undoable and not one.undo_on_failure:
            one.undoable = False
            one.save()


def _limit(at: _Running, step: StepRun) -> str:
    # two runs that want the same step take turns here, so that neither misses the other's start
    row = Step.objects.select_for_update().get(id=step.step_id)
    found = limit_of(row, service_id=step.service_id, now=at.now)
    if found is None:
        return ""
    return f"{found.reason} It may run again at {found.until:%Y-%m-%d %H:%M:%S} (UTC)."


def _taken(step: StepRun, at: _Running) -> str:
    """Hold the target until the run has ended; says who has it where that cannot be."""
    if any(one.holds and one.target == step.target for one in at.steps):
        return ""
    try:
        with transaction.atomic():
            step.holds = True
            step.save(update_fields=["holds"])
    except IntegrityError:
        step.holds = False
        other = StepRun.objects.filter(target=step.target, holds=True).first()
        who = f"Run {other.run_id}" if other else "Another run"
        return f"{who} is acting on {step.target}."
    return ""


def _finish(at: _Running, step: StepRun, state: StepState, said: str) -> None:
    step.state, step.ended_at = state.value, at.now
    _log(step, said, at.now)
    publish(
        events.StepFinished(
            **_about_step(at, step), outcome=state.value, log=said[:2000], at=at.now
        )
    )


def _end(at: _Running, state: RunState) -> None:
    if state is RunState.STOPPED and not at.run.why:
        at.run.why = "All steps of the installation were stopped."
    at.run.state, at.run.ended_at, at.run.due_at = state.value, at.now, None
    StepRun.objects.filter(run=at.run, holds=True).update(holds=False)
    outcome = RunState.FAILED if state is RunState.STOPPED else state
    publish(
        events.RunFinished(**about_run(at.run), outcome=outcome.value, why=at.run.why, at=at.now)
    )


def _log(step: StepRun, said: str, now: datetime) -> None:
    if said and len(step.log) < MOST_LINES:
        step.log = [*step.log, [now.isoformat(), said]]


def _as_it_stands(step: StepRun) -> StepNow:
    return StepNow(
        state=StepState(step.state),
        needs_approval=step.needs_approval,
        is_approved=step.approved_at is not None,
        undoable=step.undoable,
    )


def _about_step(at: _Running, step: StepRun) -> events.StepFields:
    return {**about_run(at.run), "step": step.title, "target": step.target}
