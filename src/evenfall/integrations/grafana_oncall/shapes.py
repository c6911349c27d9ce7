"""The parts of OnCall's REST answers that matter here; other fields may come and are skipped."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

type Moment = Annotated[datetime, Meta(tz=True)]
type Text = str | None
type Id = Annotated[str, Meta(max_length=100)]


class User(Struct, kw_only=True):
    id: Id
    email: Text = None
    username: Text = None
    name: Text = None


class NotificationRule(Struct, kw_only=True):
    user_id: Id
    type: str
    position: int = 0
    important: bool = False
    duration: int | None = None


class Schedule(Struct, kw_only=True):
    id: Id
    type: str
    name: Text = None
    time_zone: Text = None
    shifts: list[str] | None = None


class Shift(Struct, kw_only=True):
    """`start` and `until` are naive, by the clock of `time_zone` (else of the schedule)."""

    id: Id
    type: str
    start: datetime
    duration: Annotated[int, Meta(gt=0)]
    name: Text = None
    time_zone: Text = None
    level: int = 0
    frequency: Text = None
    interval: int | None = None
    until: datetime | None = None
    by_day: list[str] | None = None
    by_month: list[int] | None = None
    by_monthday: list[int] | None = None
    week_start: Text = None
    users: list[str] | None = None
    rolling_users: list[list[str]] | None = None
    start_rotation_from_user_index: int | None = None


class Chain(Struct, kw_only=True):
    id: Id
    name: Text = None


class Step(Struct, kw_only=True):
    escalation_chain_id: Id
    type: str
    position: int = 0
    id: Id = ""
    duration: int | None = None
    persons_to_notify: list[str] | None = None
    persons_to_notify_next_each_time: list[str] | None = None
    notify_on_call_from_schedule: Text = None
    notify_if_time_from: Text = None
    notify_if_time_to: Text = None


class FinalShift(Struct, kw_only=True):
    user_pk: Id
    shift_start: Moment
    shift_end: Moment
    user_email: Text = None
    user_username: Text = None
