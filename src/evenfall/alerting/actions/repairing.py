"""Repairs on their way: begun, followed, and given up in favour of people.

A repair that gives up is decided again in the same transaction, now with people as its outcome, or
what its rule names for this case: it cannot be given up without.

What is to be taken back is asked for then too; whether that works keeps nobody from being called.
Locks: repairs, then alerts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min, QuerySet
from msgspec import Struct

from evenfall.alerting import events
from evenfall.alerting.actions.planning_repairs import REPAIRS
from evenfall.alerting.actions.redeciding import redecide
from evenfall.alerting.logic import repairs
from evenfall.alerting.logic.repairs import LIVE, UNDER_WAY, Ran, RepairState, Step
from evenfall.alerting.logic.states import AlertState
from evenfall.alerting.logic.updates import Outcome
from evenfall.alerting.models import Alert, Repair, RepairLimits
from evenfall.platform.errors import DomainError
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import wake
from evenfall.runbooks import actions as runbooks_actions
from evenfall.runbooks import queries as runbooks_queries

log = get_logger(__name__)
_AT_ONCE: Final = 50
# what a run may take longer than its steps together: to be taken up, and to tell of its end
_SLACK: Final = timedelta(minutes=1)


class RunEnd(Struct, frozen=True, kw_only=True):
    """How the run of a runbook ended, and what it said."""

    run_id: int
    ran: Ran
    said: str = ""


def advance_repairs(*, now: datetime) -> tuple[int, datetime | None]:
    """Take due repairs on; return how many, and when the next one is due."""
    due = Repair.objects.filter(due_at__lte=now).order_by("due_at", "id")
    ids = list(due.values_list("id", flat=True)[:_AT_ONCE])
    done = sum(_surely(number, now) for number in ids)
    waiting = Repair.objects.filter(due_at__gt=now)
    return done, waiting.aggregate(next=Min("due_at"))["next"]


def _surely(repair_id: int, now: datetime) -> int:
    """Take one on; an error of ours must neither keep people from being called nor stop others."""
    try:
        return _advance(repair_id, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy: the row is still due
    except Exception:
        log.exception("a repair failed inside", repair=repair_id)
        return _abandon(repair_id, now)


@transaction.atomic
def _abandon(repair_id: int, now: datetime) -> int:
    rows = Repair.objects.filter(id=repair_id, due_at__lte=now)
    repair = rows.select_for_update(skip_locked=True).first()
    if repair is None:
        return 0
    _take(repair, Step(RepairState.GAVE_UP, "an error inside of Evenfall stopped it"), now)
    return 1


@transaction.atomic
def _advance(repair_id: int, now: datetime) -> int:
    rows = Repair.objects.filter(id=repair_id, due_at__lte=now)
    repair = rows.select_for_update(skip_locked=True).first()
    if repair is None:
        return 0
    if repair.state == RepairState.PLANNED:
        _begin(repair, now)
        return 1
    step = repairs.overdue(
        RepairState(repair.state),
        alert_is_over=_is_over(repair.alert_id),
        clear_within=timedelta(seconds=repair.clear_within_s),
    )
    _take(repair, step, now)
    return 1


def _begin(repair: Repair, now: datetime) -> None:
    _hold_beginnings()
    alert = Alert.objects.select_for_update().filter(id=repair.alert_id).first()
    is_over = alert is None or alert.state == AlertState.RESOLVED
    if not is_over and alert is not None and alert.outcome != Outcome.AUTOMATE:
        # held, or decided otherwise, before anything began: a later decision plans anew
        repair.delete()
        return
    leader = None if is_over else _leader(repair)
    if leader is not None:
        _follow(repair, leader, now)
        return
    end = repairs.may_begin(_limits(), alert_is_over=is_over)
    _take(repair, end if end is not None else _start(repair, now), now)


def _hold_beginnings() -> None:
    """One repair begins at a time, so that the most at once is what people set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('evenfall.alerting'), hashtext('repairs'))"
        )


def _leader(repair: Repair) -> Repair | None:
    """The repair of an alert of the same group, with the same runbook, that is under way."""
    if not repair.group_key:
        return None
    rows = Repair.objects.filter(
        group_key=repair.group_key, runbook_id=repair.runbook_id, state__in=UNDER_WAY
    )
    return rows.order_by("id").first()


def _follow(repair: Repair, leader: Repair, now: datetime) -> None:
    repair.runbook, repair.run_id, repair.started_at = leader.runbook, leader.run_id, now
    repair.state, repair.due_at, repair.ran_at = leader.state, leader.due_at, leader.ran_at
    repair.why = "The repair of an earlier alert of its group is under way; it serves this one too."
    repair.save()
    publish(events.RepairStarted(**_about(repair), at=now, actor=SYSTEM))


def _limits() -> repairs.Limits:
    row = RepairLimits.objects.first()
    runs = Repair.objects.filter(state__in=UNDER_WAY).values("run_id").distinct()
    return repairs.Limits(
        is_on=row is None or row.is_on,
        most_at_once=repairs.MOST_AT_ONCE if row is None else row.most_at_once,
        under_way=runs.count(),
    )


def _start(repair: Repair, now: datetime) -> Step:
    """Start the runbook; what keeps it from starting is what people are told."""
    runbook_id = repair.runbook_id or 0
    try:
        with transaction.atomic():
            repair.run_id = runbooks_actions.start_run(
                runbook_id=runbook_id,
                subject=f"alert:{repair.alert_id}",
                is_automatic=True,
                now=now,
                actor=SYSTEM,
            )
    except DomainError as error:
        return Step(RepairState.GAVE_UP, f"its runbook could not be started: {_plain(error)}")
    repair.started_at = now
    titles = runbooks_queries.runnable_runbooks([runbook_id])
    repair.runbook = titles.get(runbook_id, "")
    due_at = now + runbooks_queries.longest_run(runbook_id) + _SLACK
    return Step(RepairState.RUNNING, "The runbook was started instead of calling somebody.", due_at)


def _plain(error: DomainError) -> str:
    return error.message.strip().rstrip(".")


def follow_runs(*, ends: Sequence[RunEnd], now: datetime) -> None:
    """Take repairs on whose run came to an end, in the order told."""
    for end in ends:
        rows = Repair.objects.filter(run_id=end.run_id, state=RepairState.RUNNING)
        for repair in _locked(rows):
            step = repairs.after_run(
                end.ran,
                end.said,
                alert_is_over=_is_over(repair.alert_id),
                clear_within=timedelta(seconds=repair.clear_within_s),
                now=now,
            )
            repair.ran_at = now if end.ran is Ran.OK else None
            _take(repair, step, now)


def follow_ends(*, alert_ids: Iterable[int], now: datetime) -> None:
    """End the repairs whose runbook ran, because their alerts are over."""
    rows = Repair.objects.filter(alert_id__in=list(alert_ids), state=RepairState.WATCHING)
    for repair in _locked(rows):
        why = "The runbook ran, and the alert is over."
        _take(repair, Step(RepairState.HEALED, why), now)


def _locked(rows: QuerySet[Repair]) -> list[Repair]:
    return list(rows.order_by("id").select_for_update())


def _is_over(alert_id: int) -> bool:
    live = (AlertState.OPEN, AlertState.ACKNOWLEDGED)
    return not Alert.objects.filter(id=alert_id, state__in=live).exists()


_FACTS: Final = {
    RepairState.RUNNING: events.RepairStarted,
    RepairState.WATCHING: events.RepairRan,
    RepairState.HEALED: events.RepairHealed,
    RepairState.NOT_NEEDED: events.RepairNotNeeded,
}


def _take(repair: Repair, step: Step, now: datetime) -> None:
    """Write where the repair goes, tell of it, and decide the alert again where it gave up."""
    repair.state, repair.why, repair.due_at = step.state, step.why, step.due_at
    repair.ended_at = None if step.state in LIVE else now
    repair.save()
    if step.state is RepairState.GAVE_UP:
        _give_up(repair, now)
        return
    if step.due_at is not None:
        wake(REPAIRS)
    publish(_FACTS[step.state](**_about(repair), at=now, actor=SYSTEM))


def _give_up(repair: Repair, now: datetime) -> None:
    undoes = _undo(repair, now)
    publish(events.RepairGaveUp(**_about(repair), undoes=undoes, at=now, actor=SYSTEM))
    # one that is over needs nobody: only what was done by half is taken back
    why = f"The automatic repair did not help: {repair.why}."
    redecide(alert_ids=[repair.alert_id], why=why, now=now)


def _undo(repair: Repair, now: datetime) -> bool:
    """Ask to take back what the run did, if it did anything; failing here stops nobody's page."""
    if repair.run_id is None:
        return False
    try:
        with transaction.atomic():
            runbooks_actions.undo_run(
                run_id=repair.run_id,
                why=f"The repair gave up: {repair.why}.",
                now=now,
                actor=SYSTEM,
            )
    except DomainError:
        return False
    return True


def _about(repair: Repair) -> events.RepairFields:
    return {
        "alert_id": repair.alert_id,
        "service_id": repair.service_id,
        "runbook_id": repair.runbook_id,
        "runbook": repair.runbook,
        "run_id": repair.run_id,
        "why": repair.why,
    }
