"""What is to be done in an incident."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors
from evenfall.incidents.logic import tasks
from evenfall.incidents.logic.tasks import TaskState
from evenfall.incidents.models import Task
from evenfall.incidents.queries.views import Named


class TaskView(Struct, frozen=True, kw_only=True):
    """One task; `place` counts from 0 among all tasks of the incident. `reason`: why not done."""

    id: int
    incident_id: int
    title: str
    owner: Named | None
    due_at: datetime | None
    is_overdue: bool
    state: TaskState
    reason: str
    place: int
    created_at: datetime
    created_by: str
    closed_at: datetime | None
    closed_by: str

    @property
    def is_open(self) -> bool:
        return self.state is TaskState.OPEN


class TaskBoard(Struct, frozen=True, kw_only=True):
    """The tasks of an incident in their order."""

    tasks: Sequence[TaskView]

    @property
    def open(self) -> Sequence[TaskView]:
        return [task for task in self.tasks if task.is_open]

    @property
    def closed(self) -> Sequence[TaskView]:
        return [task for task in self.tasks if not task.is_open]

    @property
    def overdue(self) -> int:
        return sum(task.is_overdue for task in self.tasks)

    @property
    def overdue_words(self) -> str:
        return f"{self.overdue} late"


def task_board(incident_id: int, *, now: datetime) -> TaskBoard:
    """Four queries, however many tasks."""
    rows = list(Task.objects.filter(incident_id=incident_id).order_by("position", "id"))
    return TaskBoard(tasks=_views(rows, now=now))


def task(incident_id: int, task_id: int, *, now: datetime) -> TaskView:
    """Raises TaskNotFound."""
    found = task_board(incident_id, now=now).tasks
    view = next((one for one in found if one.id == task_id), None)
    if view is None:
        raise errors.TaskNotFound(incident_id=incident_id, task_id=task_id)
    return view


def _views(rows: Sequence[Task], *, now: datetime) -> list[TaskView]:
    if not rows:
        return []
    people = identity_queries.names({row.owner_id for row in rows})
    actors = identity_queries.actor_names({row.created_by for row in rows} | _closers(rows))
    return [_view(row, place, people, actors, now) for place, row in enumerate(rows)]


def _closers(rows: Sequence[Task]) -> set[str]:
    return {row.closed_by for row in rows if row.closed_by}


def _view(
    row: Task, place: int, people: dict[int, str], actors: dict[str, str], now: datetime
) -> TaskView:
    state, owner = TaskState(row.state), row.owner_id
    return TaskView(
        id=row.pk,
        incident_id=row.incident_id,
        title=row.title,
        owner=None if owner is None else Named(id=owner, name=people[owner]),
        due_at=row.due_at,
        is_overdue=tasks.is_overdue(state, row.due_at, now=now),
        state=state,
        reason=row.reason,
        place=place,
        created_at=row.created_at,
        created_by=actors.get(row.created_by, row.created_by),
        closed_at=row.closed_at,
        closed_by=actors.get(row.closed_by, row.closed_by),
    )
