"""Facts about who works on an incident, and on what."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, override

from evenfall.incidents.events.life import IncidentEvent


@dataclass(frozen=True, kw_only=True)
class MorePaged(IncidentEvent):
    """More people are called; `who` is in words ("the team Payments").

    `why`: a table asked for them, because of how bad it is; else a person did.
    """

    kind: ClassVar[str] = "incidents.more_paged"
    who: str
    page_id: int
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CrewMember:
    """Somebody a fact about roles names beside its own person."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class RoleEvent(IncidentEvent):
    """Root of the facts about one person in a role."""

    role: str
    user_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), f"user:{self.user_id}")


@dataclass(frozen=True, kw_only=True)
class RoleTaken(RoleEvent):
    """`user_id` has the role now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.role_taken"
    people: tuple[CrewMember, ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleLeft(RoleEvent):
    """`user_id` has the role no more, and nobody followed."""

    kind: ClassVar[str] = "incidents.role_left"


@dataclass(frozen=True, kw_only=True)
class CommandReliefOffered(RoleEvent):
    """`user_id` commands for long; `people` was asked to take over (nobody, when empty)."""

    kind: ClassVar[str] = "incidents.command_relief_offered"
    people: tuple[CrewMember, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class HandoverRead(RoleEvent):
    """`user_id` read what they were told when they took the role over."""

    kind: ClassVar[str] = "incidents.handover_read"
    handover_id: int


@dataclass(frozen=True, kw_only=True)
class TaskEvent(IncidentEvent):
    """Root of the facts about one task; `user_id` is its owner."""

    task_id: int
    title: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskAdded(TaskEvent):
    kind: ClassVar[str] = "incidents.task_added"


@dataclass(frozen=True, kw_only=True)
class TaskTaken(TaskEvent):
    """`user_id` does it now; `people` holds whoever had it before, when somebody did."""

    kind: ClassVar[str] = "incidents.task_taken"
    people: tuple[CrewMember, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskChanged(TaskEvent):
    """Its title or the time when it is due is another one; `before` is the old title."""

    kind: ClassVar[str] = "incidents.task_changed"
    before: str
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskEvent):
    kind: ClassVar[str] = "incidents.task_done"


@dataclass(frozen=True, kw_only=True)
class TaskDropped(TaskEvent):
    """It will not be done, for this reason."""

    kind: ClassVar[str] = "incidents.task_dropped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class TaskReopened(TaskEvent):
    kind: ClassVar[str] = "incidents.task_reopened"


@dataclass(frozen=True, kw_only=True)
class TaskMoved(TaskEvent):
    """It has another place among the tasks, counted from 0."""

    kind: ClassVar[str] = "incidents.task_moved"
    place: int
