"""The parts of Opsgenie's REST answers that matter here; other fields may come and are skipped."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

type Moment = Annotated[datetime, Meta(tz=True)]
type Text = str | None
type Id = Annotated[str, Meta(max_length=100)]


class Shape(Struct, kw_only=True, rename="camel"):
    """Opsgenie writes camelCase."""


class Named(Shape, kw_only=True):
    """Somebody or something; what is set depends on where it stands."""

    type: str = ""
    id: Id = ""
    name: Text = None
    username: Text = None

    @property
    def is_user(self) -> bool:
        return self.type == "user"

    @property
    def spoken(self) -> str:
        return self.username or self.name or self.id or self.type


class User(Shape, kw_only=True):
    id: Id
    username: str
    full_name: Text = None


class Restriction(Shape, kw_only=True):
    start_hour: Annotated[int, Meta(ge=0, le=24)]
    end_hour: Annotated[int, Meta(ge=0, le=24)]
    start_min: Annotated[int, Meta(ge=0, le=59)] = 0
    end_min: Annotated[int, Meta(ge=0, le=59)] = 0
    start_day: Text = None
    end_day: Text = None


class TimeRestriction(Shape, kw_only=True):
    type: str
    restriction: Restriction | None = None
    restrictions: list[Restriction] | None = None


class Rotation(Shape, kw_only=True):
    start_date: Moment
    type: str
    length: Annotated[int, Meta(gt=0)] = 1
    id: Id = ""
    name: Text = None
    end_date: Moment | None = None
    participants: list[Named] | None = None
    time_restriction: TimeRestriction | None = None


class Schedule(Shape, kw_only=True):
    id: Id
    timezone: str
    name: Text = None
    description: Text = None
    enabled: bool = True
    owner_team: Named | None = None
    rotations: list[Rotation] | None = None


class Override(Shape, kw_only=True):
    user: Named
    start_date: Moment
    end_date: Moment
    alias: Id = ""
    rotations: list[Named] | None = None


class Delay(Shape, kw_only=True):
    time_amount: int = 0
    time_unit: str = "minutes"

    @property
    def minutes(self) -> int:
        return self.time_amount * {"hours": 60, "days": 1440}.get(self.time_unit, 1)


class Rule(Shape, kw_only=True):
    recipient: Named
    delay: Delay | None = None
    condition: str = "if-not-acked"
    notify_type: str = "default"


class Repeat(Shape, kw_only=True):
    wait_interval: int = 0
    count: int = 0


class Escalation(Shape, kw_only=True):
    id: Id
    rules: list[Rule]
    name: Text = None
    description: Text = None
    owner_team: Named | None = None
    repeat: Repeat | None = None


class Contact(Shape, kw_only=True):
    method: str = ""


class Step(Shape, kw_only=True):
    contact: Contact
    send_after: Delay | None = None
    enabled: bool = True


class NotificationRule(Shape, kw_only=True):
    id: Id
    action_type: str = ""
    enabled: bool = True
    steps: list[Step] | None = None


class Period(Shape, kw_only=True):
    start_date: Moment
    end_date: Moment
    recipient: Named | None = None
    flattened_recipients: list[Named] | None = None


class TimelineRotation(Shape, kw_only=True):
    periods: list[Period] | None = None


class FinalTimeline(Shape, kw_only=True):
    rotations: list[TimelineRotation] | None = None


class Timeline(Struct, kw_only=True, rename={"schedule": "_parent", "final": "finalTimeline"}):
    """Who is on call in the end, rotation by rotation."""

    final: FinalTimeline
    schedule: Named | None = None
