"""The parts of PagerDuty's REST answers that matter here; other fields may come and are skipped."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

type Moment = Annotated[datetime, Meta(tz=True)]
type Text = str | None
type Id = Annotated[str, Meta(max_length=100)]


class Reference(Struct, kw_only=True):
    id: Id
    type: str = ""
    summary: Text = None


class ContactMethod(Struct, kw_only=True):
    type: str = ""


class NotificationRule(Struct, kw_only=True):
    start_delay_in_minutes: int = 0
    urgency: str = "high"
    contact_method: ContactMethod = field(default_factory=ContactMethod)


class User(Struct, kw_only=True):
    id: Id
    name: Text = None
    email: Text = None
    notification_rules: list[NotificationRule] = []


class LayerUser(Struct, kw_only=True):
    user: Reference


class Restriction(Struct, kw_only=True):
    type: str
    start_time_of_day: str
    duration_seconds: Annotated[int, Meta(gt=0, le=7 * 86400)]
    start_day_of_week: Annotated[int, Meta(ge=1, le=7)] = 1


class Layer(Struct, kw_only=True):
    start: Moment
    rotation_virtual_start: Moment
    rotation_turn_length_seconds: Annotated[int, Meta(gt=0)]
    users: list[LayerUser]
    name: Text = None
    end: Moment | None = None
    restrictions: list[Restriction] | None = None


class Rendered(Struct, kw_only=True):
    start: Moment
    end: Moment
    user: Reference | None = None


class FinalSchedule(Struct, kw_only=True):
    rendered_schedule_entries: list[Rendered] | None = None


class Schedule(Struct, kw_only=True):
    id: Id
    time_zone: str
    name: Text = None
    summary: Text = None
    description: Text = None
    teams: list[Reference] | None = None
    schedule_layers: list[Layer] | None = None
    final_schedule: FinalSchedule | None = None


class Override(Struct, kw_only=True):
    start: Moment
    end: Moment
    user: Reference
    id: Id = ""


class Strategy(Struct, kw_only=True):
    type: str = "assign_to_everyone"


class Rule(Struct, kw_only=True):
    targets: list[Reference]
    escalation_delay_in_minutes: int = 30
    escalation_rule_assignment_strategy: Strategy | str | None = None


class Policy(Struct, kw_only=True):
    id: Id
    escalation_rules: list[Rule]
    name: Text = None
    summary: Text = None
    description: Text = None
    num_loops: int = 0
    teams: list[Reference] | None = None
