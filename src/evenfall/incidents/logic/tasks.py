"""What has to be done in an incident: the states of a task and what makes it late."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final


class TaskState(StrEnum):
    """`DROPPED`: it will not be done, for a reason that is written down."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


MOST_OPEN: Final = 200
"""More open tasks than this are a programme that went wild, not a plan."""


def is_overdue(state: TaskState, due_at: datetime | None, *, now: datetime) -> bool:
    """Whether it should have been done by now; its last instant still counts as in time."""
    return state is TaskState.OPEN and due_at is not None and due_at < now


def moved(order: Sequence[int], task_id: int, *, to: int) -> list[int]:
    """Return the order with one task at another place (from 0; beyond the ends is at the end).

    A task that is not in the order changes nothing.
    """
    if task_id not in order:
        return list(order)
    rest = [one for one in order if one != task_id]
    place = min(max(to, 0), len(rest))
    return [*rest[:place], task_id, *rest[place:]]
