"""What people decide about runs: approve, stop, undo, and the switch for everything."""

from datetime import datetime

from django.db import transaction

from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.runbooks import errors, events
from evenfall.runbooks.actions.asking import forget_approval
from evenfall.runbooks.actions.starting import RUN, about_run, are_stopped
from evenfall.runbooks.logic.moves import ENDED, RunState, StepState
from evenfall.runbooks.models import Run, StepRun, Switch

_SWITCH = 1
_UNDOABLE = frozenset({RunState.OK, RunState.FAILED, RunState.STOPPED})


@transaction.atomic
def approve_step(*, run_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Approve the step that the run waits for. `user_id` is the person who does.

    Raises `RunNotFound`, `NotWaiting`, `OwnApproval`, `StepsStopped`.
    """
    run = _locked(run_id)
    step = _waiting_step(run)
    if user_id == run.asker_id:
        raise errors.OwnApproval
    if are_stopped():
        raise errors.StepsStopped
    step.approved_by, step.approved_at = actor, now
    step.save(update_fields=["approved_by", "approved_at"])
    run.state, run.due_at = RunState.RUNNING.value, now
    run.save(update_fields=["state", "due_at"])
    forget_approval(run=run, now=now)
    publish(
        events.StepApproved(
            **about_run(run), step=step.title, target=step.target, at=now, actor=actor
        )
    )
    wake(RUN)


@transaction.atomic
def stop_run(*, run_id: int, why: str = "", now: datetime, actor: str) -> None:
    """Start no further step of it; what acts now is not interrupted, and nothing is undone.

    This is also how an approval is refused. Raises `RunNotFound`, `RunEnded`.
    """
    run = _locked(run_id)
    if RunState(run.state) in ENDED:
        raise errors.RunEnded
    run.stop_asked = True
    run.why = (why.replace("\0", "").strip() or "Somebody stopped it.")[:500]
    if not _is_under_way(run):
        run.due_at = now
    run.save(update_fields=["stop_asked", "why", "due_at"])
    forget_approval(run=run, now=now)
    publish(events.StopAsked(**about_run(run), why=run.why, at=now, actor=actor))
    wake(RUN)


@transaction.atomic
def undo_run(*, run_id: int, why: str = "", now: datetime, actor: str) -> None:
    """Take back what an ended run did, the last step first. It ends again, as undone or failed.

    Raises `RunNotFound`, `NothingToUndo`, `StepsStopped`.
    """
    run = _locked(run_id)
    acted = StepRun.objects.filter(run=run, undoable=True)
    if RunState(run.state) not in _UNDOABLE or not acted.exists():
        raise errors.NothingToUndo
    if are_stopped():
        raise errors.StepsStopped
    run.state, run.stop_asked, run.ended_at, run.due_at = RunState.UNDOING.value, False, None, now
    run.why = why.replace("\0", "").strip()[:500]
    run.save(update_fields=["state", "stop_asked", "ended_at", "due_at", "why"])
    publish(events.UndoAsked(**about_run(run), why=run.why, at=now, actor=actor))
    wake(RUN)


@transaction.atomic
def stop_all_steps(*, why: str, now: datetime, actor: str) -> None:
    """The switch for emergencies: no step of any runbook starts until `allow_steps`.

    Runs that were asked for end as stopped; what acts now is not interrupted.
    """
    said = why.replace("\0", "").strip()[:500]
    Switch.objects.update_or_create(
        id=_SWITCH, defaults={"is_stopped": True, "why": said, "by": actor, "at": now}
    )
    Run.objects.filter(state=RunState.WAITING.value).update(due_at=now)
    publish(events.StepsStopped(why=said, at=now, actor=actor))
    wake(RUN)


@transaction.atomic
def allow_steps(*, now: datetime, actor: str) -> None:
    """Let steps act again. What was stopped stays stopped."""
    changed = Switch.objects.filter(is_stopped=True).update(
        is_stopped=False, why="", by=actor, at=now
    )
    if changed:
        publish(events.StepsAllowed(at=now, actor=actor))


def _locked(run_id: int) -> Run:
    rows = Run.objects.select_for_update(of=("self",)).select_related("runbook")
    run = rows.filter(id=run_id).first()
    if run is None:
        raise errors.RunNotFound(run_id=run_id)
    return run


def _waiting_step(run: Run) -> StepRun:
    rows = StepRun.objects.filter(run=run, state=StepState.PLANNED.value)
    step = rows.order_by("position").first()
    if run.state != RunState.WAITING or step is None or run.stop_asked:
        raise errors.NotWaiting
    return step


def _is_under_way(run: Run) -> bool:
    states = [StepState.RUNNING.value, StepState.UNDOING.value]
    return StepRun.objects.filter(run=run, state__in=states).exists()
