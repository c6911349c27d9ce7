"""What-ifs: asked, answered at once where that is quick, else in the background with progress."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.foresight import errors, ports
from evenfall.foresight.logic.states import AT_ONCE, HANGS_AFTER, KEPT, MOST_DAYS, RunState
from evenfall.foresight.logic.stored import change_from_json, to_json, totals_of
from evenfall.foresight.models import Run
from evenfall.foresight.queries.forecasts import forecast
from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import wake

WAKE = "foresight.what_if"
_TITLE = 200

log = get_logger(__name__)


class Asked(Struct, frozen=True, kw_only=True):
    """One change of a kind that is registered."""

    kind: str
    value: object


def ask(
    *,
    changes: Sequence[Asked],
    title: str,
    days: int,
    now: datetime,
    actor: str,
    by_name: str,
    at_once: int = AT_ONCE,
) -> int:
    """Ask what the alerts of the last `days` would have led to; return the number of the run.

    With at most `at_once` alerts the answer is there when this returns; else the drain works it
    off. Raises NothingAsked, DaysNotValid, and what the changes themselves are refused for.
    """
    if not changes:
        raise errors.NothingAsked(field="changes")
    if not 1 <= days <= MOST_DAYS:
        raise errors.DaysNotValid(field="days", most=MOST_DAYS)
    since = now - timedelta(days=days)
    count = alerting_queries.recorded_count(since=since, until=now)
    run = Run(
        title=title[:_TITLE],
        changes=[[one.kind, to_json(one.value)] for one in changes],
        since=since,
        until=now,
        state=RunState.WAITING.value,
        alerts=count,
        created_at=now,
        created_by=actor,
        created_by_name=by_name[:120],
        changed_at=now,
    )
    if count <= at_once:
        _answer(run, [one.value for one in changes], now)
        run.save()
        return run.pk
    with transaction.atomic():
        run.save()
        wake(WAKE)
    return run.pk


def _answer(run: Run, changes: Sequence[object], now: datetime) -> None:
    """Fill in the answer. Raises what the changes are refused for."""
    found = forecast(changes, since=run.since, until=run.until, now=now)
    run.report, run.totals, run.state = to_json(found), totals_of(found), RunState.DONE.value
    run.done = run.alerts = found.alerts


def work_off(*, now: datetime) -> int:
    """Work off the oldest run that waits, or that lost its worker; return how many that were.

    The claim is committed before the work, which takes long, and so is each step of the progress.
    """
    run = _claim(now)
    if run is None:
        return 0
    try:
        changes: list[object] = [
            change_from_json(value, ports.kind_named(kind).type) for kind, value in run.changes
        ]
        found = forecast(
            changes,
            since=run.since,
            until=run.until,
            now=now,
            progress=lambda done: _tell(run.pk, done),
        )
    except DomainError as error:
        _end(run.pk, state=RunState.FAILED, problem=error.message[:500])
    except Exception as error:
        log.exception("a what-if failed", run=run.pk)
        _end(run.pk, state=RunState.FAILED, problem=f"{type(error).__name__}: see the log.")
    else:
        answer = {"report": to_json(found), "totals": totals_of(found)}
        _end(run.pk, state=RunState.DONE, done=found.alerts, **answer)
    return 1


def _claim(now: datetime) -> Run | None:
    hung = Q(state=RunState.WORKING.value, changed_at__lt=now - HANGS_AFTER)
    with transaction.atomic():
        rows = Run.objects.filter(Q(state=RunState.WAITING.value) | hung).order_by("id")
        run = rows.select_for_update(skip_locked=True).first()
        if run is not None:
            run.state, run.changed_at, run.done = RunState.WORKING.value, now, 0
            run.save(update_fields=["state", "changed_at", "done"])
    return run


def _tell(run_id: int, done: int) -> None:
    # the database's clock: progress says whether the worker still lives, which is about real time
    Run.objects.filter(id=run_id).update(done=done, changed_at=Now())


def _end(run_id: int, *, state: RunState, **fields: object) -> None:
    Run.objects.filter(id=run_id).update(state=state.value, changed_at=Now(), **fields)


def forget_runs(*, now: datetime) -> int:
    """Delete what was asked long ago; return how many."""
    deleted, _ = Run.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
