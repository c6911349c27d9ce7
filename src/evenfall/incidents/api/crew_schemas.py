"""Roles, hand-overs and tasks as they go over the wire."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.tasks import TaskState


class CrewPersonOut(Schema):
    id: int
    name: str


class CrewRoleOut(Schema):
    """`relief_offered_at`: somebody was asked to take over from a commander of long."""

    id: int
    role: CrewRole
    person: CrewPersonOut
    started_at: datetime
    ended_at: datetime | None
    handed_over_by: CrewPersonOut | None
    relief_offered_at: datetime | None
    relief_offered_to: CrewPersonOut | None


class PersonTimeOut(Schema):
    person: CrewPersonOut
    seconds: float


class PeopleCostOut(Schema):
    """The time of people in roles; two roles of one person at a time count once."""

    person_hours: float
    people: list[PersonTimeOut]


class CrewOut(Schema):
    """`offered_to`: nobody commands, and this person acknowledged first."""

    held: list[CrewRoleOut]
    past: list[CrewRoleOut]
    offered_to: CrewPersonOut | None
    is_only_expert: bool
    cost: PeopleCostOut


class GiveRoleIn(Schema):
    """Without `user_id` the role is one's own; `next_steps` are for whoever takes it over."""

    role: CrewRole
    user_id: int | None = None
    next_steps: str = ""


class LeaveRoleIn(Schema):
    """Command without `successor_id` goes to the deputy, else to the lieutenant on call."""

    role: CrewRole
    user_id: int | None = None
    successor_id: int | None = None
    next_steps: str = ""


class CardTaskOut(Schema):
    id: int
    title: str
    owner: str
    due_at: datetime | None


class CardNoteOut(Schema):
    author: str
    text: str
    written_at: datetime


class HandoverCardOut(Schema):
    """What the successor was told, as it was at that moment."""

    id: int
    role: CrewRole
    from_person: CrewPersonOut
    to_person: CrewPersonOut
    state: str
    severity: str
    next_steps: str
    tasks: list[CardTaskOut]
    notes: list[CardNoteOut]
    given_at: datetime
    read_at: datetime | None


class HandoverCardsOut(Schema):
    items: list[HandoverCardOut]
    next: str | None = None


class CrewTaskOut(Schema):
    """`place` counts from 0 among all tasks of the incident; `reason` says why it is not done."""

    id: int
    title: str
    owner: CrewPersonOut | None
    due_at: datetime | None
    is_overdue: bool
    state: TaskState
    reason: str
    place: int
    created_at: datetime
    created_by: str
    closed_at: datetime | None
    closed_by: str


class CrewTasksOut(Schema):
    items: list[CrewTaskOut]
    next: str | None = None


class TaskIn(Schema):
    title: str
    owner_id: int | None = None
    due_at: datetime | None = None


class DropTaskIn(Schema):
    reason: str


class MoveTaskIn(Schema):
    place: int = Field(ge=0, le=10_000)
