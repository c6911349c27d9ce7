"""What is to be done in an incident: added, taken over, done, or not done for a reason.

Tasks may be finished after the incident is over; those of a merged one went with it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving
from evenfall.incidents.actions.moving import About, By
from evenfall.incidents.logic import tasks
from evenfall.incidents.logic.states import Refusal, State
from evenfall.incidents.logic.tasks import TaskState
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, Task
from evenfall.platform.events import Event

REASON_LENGTH: Final = 500


def add_task(
    *,
    incident_id: int,
    title: str,
    now: datetime,
    actor: str,
    owner_id: int | None = None,
    due_at: datetime | None = None,
) -> int:
    """Add a task at the end and return its id; it counts as a sign of life.

    Raises IncidentNotFound, NotPossible (merged), TaskTitleMissing, TooManyTasks, UserNotFound,
    PersonNotActive.
    """
    wanted = _title(title)
    _require_active(owner_id)
    with transaction.atomic():
        incident = _changeable(incident_id)
        task = Task.objects.create(
            incident=incident,
            title=wanted,
            owner_id=owner_id,
            due_at=due_at,
            position=_end_of(incident),
            created_at=now,
            created_by=actor,
        )
        by = By(actor=actor, at=now)
        moving.save([incident], [events.TaskAdded(**_about(incident, task, by))], now=now)
        calling.keep_alive(incident, now=now)
        return task.pk


def change_task(
    *,
    incident_id: int,
    task_id: int,
    title: str,
    owner_id: int | None,
    due_at: datetime | None,
    now: datetime,
    actor: str,
) -> None:
    """Give a task its title, owner and due time; what is the same already makes no fact.

    Raises as `add_task`, and TaskNotFound, TaskClosed.
    """
    wanted = _title(title)
    by = By(actor=actor, at=now)

    def change(incident: Incident, task: Task) -> list[Event]:
        if owner_id != task.owner_id:
            _require_active(owner_id)
        before, was_due, had = task.title, task.due_at, task.owner_id
        task.title, task.due_at, task.owner_id = wanted, due_at, owner_id
        facts: list[Event] = []
        if (before, was_due) != (wanted, due_at):
            about = _about(incident, task, by)
            facts.append(events.TaskChanged(**about, before=before, due_at=due_at))
        return facts + _passed(incident, task, by, had=had)

    _change(incident_id, task_id, change, now=now)


def take_task(*, incident_id: int, task_id: int, user_id: int, now: datetime, actor: str) -> None:
    """Take a task over, whoever has it. Raises as `change_task`."""
    _require_active(user_id)
    by = By(actor=actor, at=now)

    def take(incident: Incident, task: Task) -> list[Event]:
        had, task.owner_id = task.owner_id, user_id
        return _passed(incident, task, by, had=had)

    _change(incident_id, task_id, take, now=now)


def finish_task(*, incident_id: int, task_id: int, now: datetime, actor: str) -> None:
    """Say that it is done; twice is not an error. Raises as `change_task`."""
    by = By(actor=actor, at=now)

    def finish(incident: Incident, task: Task) -> list[Event]:
        _close(task, TaskState.DONE, by)
        return [events.TaskDone(**_about(incident, task, by))]

    _change(incident_id, task_id, finish, now=now, fine=TaskState.DONE)


def drop_task(*, incident_id: int, task_id: int, reason: str, now: datetime, actor: str) -> None:
    """Say that it will not be done, and why. Raises as `change_task`, and TaskReasonMissing."""
    why = one_line(reason, length=REASON_LENGTH)
    if not why:
        raise errors.TaskReasonMissing(field="reason")
    by = By(actor=actor, at=now)

    def drop(incident: Incident, task: Task) -> list[Event]:
        task.reason = why
        _close(task, TaskState.DROPPED, by)
        return [events.TaskDropped(**_about(incident, task, by), reason=why)]

    _change(incident_id, task_id, drop, now=now)


def reopen_task(*, incident_id: int, task_id: int, now: datetime, actor: str) -> None:
    """Say that it is to be done after all; an open one stays as it is."""
    by = By(actor=actor, at=now)
    with transaction.atomic():
        incident = _changeable(incident_id)
        task = _task(incident, task_id)
        if TaskState(task.state) is TaskState.OPEN:
            return
        task.state, task.reason, task.closed_at, task.closed_by = "open", "", None, ""
        task.save()
        moving.save([incident], [events.TaskReopened(**_about(incident, task, by))], now=now)


def move_task(*, incident_id: int, task_id: int, place: int, now: datetime, actor: str) -> None:
    """Put a task at another place, counted from 0 among all tasks. Raises TaskNotFound, …."""
    by = By(actor=actor, at=now)
    with transaction.atomic():
        incident = _changeable(incident_id)
        task = _task(incident, task_id)
        rows = list(incident.tasks.order_by("position", "id"))
        order = tasks.moved([row.pk for row in rows], task.pk, to=place)
        if order == [row.pk for row in rows]:
            return
        for row in rows:
            row.position = order.index(row.pk)
        Task.objects.bulk_update(rows, ["position"])
        fact = events.TaskMoved(**_about(incident, task, by), place=order.index(task.pk))
        moving.save([incident], [fact], now=now)


def _change(
    incident_id: int,
    task_id: int,
    change: Callable[[Incident, Task], list[Event]],
    *,
    now: datetime,
    fine: TaskState | None = None,
) -> None:
    """Change an open task under the lock of its incident; one that is `fine` already stays."""
    with transaction.atomic():
        incident = _changeable(incident_id)
        task = _task(incident, task_id)
        state = TaskState(task.state)
        if state is fine:
            return
        if state is not TaskState.OPEN:
            raise errors.TaskClosed(task_id=task_id, state=state.value)
        facts = change(incident, task)
        task.save()
        moving.save([incident], facts, now=now)


def _changeable(incident_id: int) -> Incident:
    incident = moving.lock(incident_id)
    if State(incident.state) is State.MERGED:
        raise errors.NotPossible(incident_id=incident_id, reason=Refusal.FROZEN.value)
    return incident


def _task(incident: Incident, task_id: int) -> Task:
    task = incident.tasks.filter(id=task_id).first()
    if task is None:
        raise errors.TaskNotFound(incident_id=incident.pk, task_id=task_id)
    return task


def _title(title: str) -> str:
    wanted = one_line(title)
    if not wanted:
        raise errors.TaskTitleMissing(field="title")
    return wanted


def _require_active(owner_id: int | None) -> None:
    if owner_id is None:
        return
    person = identity_queries.person(owner_id)
    if not person.is_active:
        raise errors.PersonNotActive(field="owner_id", name=person.name)


def _end_of(incident: Incident) -> int:
    open_ones = incident.tasks.filter(state=TaskState.OPEN.value).count()
    if open_ones >= tasks.MOST_OPEN:
        raise errors.TooManyTasks(incident_id=incident.pk, most=tasks.MOST_OPEN)
    last = incident.tasks.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _close(task: Task, state: TaskState, by: By) -> None:
    task.state, task.closed_at, task.closed_by = state.value, by.at, by.actor


def _passed(incident: Incident, task: Task, by: By, *, had: int | None) -> list[Event]:
    if had == task.owner_id:
        return []
    people = () if had is None else (events.CrewMember(user_id=had),)
    return [events.TaskTaken(**_about(incident, task, by), people=people)]


class _AboutTask(About):
    """What every fact about a task says."""

    task_id: int
    title: str
    user_id: int | None


def _about(incident: Incident, task: Task, by: By) -> _AboutTask:
    return {
        **moving.about(incident, by),
        "task_id": task.pk,
        "title": task.title,
        "user_id": task.owner_id,
    }
