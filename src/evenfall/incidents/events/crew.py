"""Facts about who works on an incident, and on what."""

from datetime import datetime
from typing import ClassVar, override

from msgspec import Struct

from evenfall.incidents.events.life import IncidentEvent


class MorePaged(IncidentEvent, frozen=True, kw_only=True):
    """More people are called; `who` is in words ("the team Payments").

    `why`: a table asked for them, because of how bad it is; else a person did.
    """

    kind: ClassVar[str] = "incidents.more_paged"
    who: str
    page_id: int
    why: str = ""


class CrewMember(Struct, frozen=True, kw_only=True):
    """Somebody a fact about roles names beside its own person."""

    user_id: int


class RoleEvent(IncidentEvent, frozen=True, kw_only=True):
    """Root of the facts about one person in a role."""

    role: str
    user_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"user:{self.user_id}")


class RoleTaken(RoleEvent, frozen=True, kw_only=True):
    """`user_id` has the role now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.role_taken"
    people: tuple[CrewMember, ...] = ()
    why: str = ""


class RoleLeft(RoleEvent, frozen=True, kw_only=True):
    """`user_id` has the role no more, and nobody followed."""

    kind: ClassVar[str] = "incidents.role_left"


class CommandReliefOffered(RoleEvent, frozen=True, kw_only=True):
    """`user_id` commands for long; `people` was asked to take over (nobody, when empty)."""

    kind: ClassVar[str] = "incidents.command_relief_offered"
    people: tuple[CrewMember, ...] = ()
    seconds: float = 0.0


class HandoverRead(RoleEvent, frozen=True, kw_only=True):
    """`user_id` read what they were told when they took the role over."""

    kind: ClassVar[str] = "incidents.handover_read"
    handover_id: int


class TaskEvent(IncidentEvent, frozen=True, kw_only=True):
    """Root of the facts about one task; `user_id` is its owner."""

    task_id: int
    title: str
    user_id: int | None = None


class TaskAdded(TaskEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.task_added"


class TaskTaken(TaskEvent, frozen=True, kw_only=True):
    """`user_id` does it now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.task_taken"
    people: tuple[CrewMember, ...] = ()


class TaskChanged(TaskEvent, frozen=True, kw_only=True):
    """Its title or the time when it is due is another one; `before` is the old title."""

    kind: ClassVar[str] = "incidents.task_changed"
    before: str
    due_at: datetime | None = None


class TaskDone(TaskEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.task_done"


class TaskDropped(TaskEvent, frozen=True, kw_only=True):
    """It will not be done, for this reason."""

    kind: ClassVar[str] = "incidents.task_dropped"
    reason: str


class TaskReopened(TaskEvent, frozen=True, kw_only=True):
    kind: ClassVar[str] = "incidents.task_reopened"


class TaskMoved(TaskEvent, frozen=True, kw_only=True):
    """It has another place among the tasks, counted from 0."""

    kind: ClassVar[str] = "incidents.task_moved"
    place: int
