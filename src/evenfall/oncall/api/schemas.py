"""What the API takes and gives. Instants carry a zone; wall times belong to the named zone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.oncall.actions import checks
from evenfall.oncall.logic.templates import Template
from evenfall.oncall.ports import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    Role,
    ShiftPattern,
    WeeklyWindow,
)
from evenfall.platform.wire import WallTime

type Id = Annotated[int, Field(ge=1, lt=2**63)]
type Minutes = tuple[int, int]
"""A weekly window: start and end in minutes since Monday 00:00."""


class MemberIn(Schema):
    user_id: Id | None
    """None is an empty place."""
    joins_on: date | None = None
    leaves_on: date | None = None


class LayerIn(Schema):
    name: str = "Main"
    time_zone: str
    starts_on: date
    hands_over_at: WallTime
    shift_hours: list[int] = Field(default=[168], max_length=366)
    windows: list[Minutes] = Field(default_factory=list, max_length=168)
    members: list[MemberIn] = Field(max_length=200)

    def spec(self) -> LayerSpec:
        """The layer as a value; raises `ZoneUnknown`."""
        wall = datetime.combine(self.starts_on, self.hands_over_at.replace(tzinfo=None))
        return LayerSpec(
            name=checks.clean_name(self.name),
            zone=checks.clean_zone(self.time_zone),
            pattern=ShiftPattern(starts_at=wall, hours=tuple(self.shift_hours)),
            members=tuple(MemberSlot(**member.dict()) for member in self.members),
            windows=windows(self.windows),
        )


class LieutenantIn(Schema):
    kind: LieutenantKind = LieutenantKind.NOBODY
    user_id: Id | None = None
    layers: list[LayerIn] = Field(default_factory=list, max_length=20)
    spares_previous: bool = False
    """Whoever had the turn before rests where somebody else is in line."""

    def rule(self) -> LieutenantRule:
        layers = tuple(layer.spec() for layer in self.layers)
        own = self.kind is LieutenantKind.OWN_SEQUENCE
        user_id = self.user_id if self.kind is LieutenantKind.PERSON else None
        return LieutenantRule(
            kind=self.kind,
            user_id=user_id,
            layers=layers if own else (),
            spares_previous=self.spares_previous,
        )


class PlanIn(Schema):
    layers: list[LayerIn] = Field(max_length=20)
    """From the lowest precedence to the highest."""
    lieutenant: LieutenantIn = LieutenantIn()
    shadows: list[LayerIn] = Field(default_factory=list, max_length=20)
    """Those who learn beside the others and are never paged."""
    holds_from: AwareDatetime | None = None
    """Never before now; without it from the first shift on."""

    def fields_of(self) -> dict[str, Any]:
        """What the actions take as a plan; raises `ZoneUnknown`."""
        return {
            "layers": [layer.spec() for layer in self.layers],
            "lieutenant": self.lieutenant.rule(),
            "shadows": [layer.spec() for layer in self.shadows],
            "holds_from": self.holds_from,
        }


class RotaIn(Schema):
    name: str
    description: str = ""
    time_zone: str
    coverage: list[Minutes] = Field(default_factory=list, max_length=168)
    """Empty is around the clock."""


class NewRotaIn(RotaIn, PlanIn):
    team_id: Id


class StarterOut(Schema):
    key: Template
    title: str
    saying: str


class StartersOut(Schema):
    items: list[StarterOut]


class StarterIn(Schema):
    template: Template
    team_id: Id
    name: str
    description: str = ""
    time_zones: list[str] = Field(min_length=1, max_length=6)
    """The first is that of the rota. Where it takes more, those of the people are added to one."""
    user_ids: list[Id] = Field(default_factory=list, max_length=200)
    """In the order of their turns. Without people there are empty places."""
    starts_on: date
    """The plan begins on the Monday of this day, and holds at the earliest from now."""


class NightWatchOut(Schema):
    user_id: int
    name: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    in_daylight: list[str]


class NightWatchesOut(Schema):
    items: list[NightWatchOut]


class MembersIn(Schema):
    user_ids: list[Id | None] = Field(max_length=200)
    from_day: date


class RotaMemberOut(Schema):
    user_id: int | None
    joins_on: date | None
    leaves_on: date | None


class LayerOut(Schema):
    id: int
    role: Role
    name: str
    time_zone: str
    starts_on: date
    hands_over_at: WallTime
    shift_hours: list[int]
    windows: list[list[int]]
    members: list[RotaMemberOut]


class PlanOut(Schema):
    starts_at: datetime
    lieutenant_kind: LieutenantKind
    lieutenant_user_id: int | None
    lieutenant_spares_previous: bool
    layers: list[LayerOut]


class RotaOut(Schema):
    id: int
    team_id: int
    name: str
    description: str
    time_zone: str
    coverage: list[list[int]]


class RotaDetailOut(RotaOut):
    plan: PlanOut
    """The newest one, which may begin in the future."""


class RotasOut(Schema):
    items: list[RotaOut]
    next: str | None


class ContactOut(Schema):
    kind: str
    address: str


class DutyOut(Schema):
    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    email: str | None = None
    """None, as `contacts`, where you may not see it: that takes a responder of the team."""
    contacts: list[ContactOut] | None = None


class OnCallOut(Schema):
    rota: RotaOut
    primary: DutyOut | None
    lieutenant: DutyOut | None
    next_primary: DutyOut | None
    why_nobody: str
    shadow: DutyOut | None


class OnCallsOut(Schema):
    at: datetime
    items: list[OnCallOut]


class SpanOut(Schema):
    user_id: int
    role: Role
    starts_at: datetime
    ends_at: datetime
    why: str


class GapOut(Schema):
    starts_at: datetime
    ends_at: datetime
    why: str


class ScheduleOut(Schema):
    spans: list[SpanOut]
    gaps: list[GapOut]


class OverrideIn(Schema):
    kind: OverrideKind = OverrideKind.REPLACE
    role: Role = Role.PRIMARY
    user_id: Id | None = None
    """Who has the role by it; None with remove."""
    instead_of_id: Id | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    note: str = Field(default="", max_length=200)


class OverrideOut(Schema):
    id: int
    rota_id: int
    kind: OverrideKind
    role: Role
    user_id: int | None
    instead_of_id: int | None
    starts_at: datetime
    ends_at: datetime
    note: str
    created_by: str
    cancelled_at: datetime | None
    has_effect: bool | None = None
    """Whether it changes anything; None where it is over and that is not looked at."""


class OverridesOut(Schema):
    items: list[OverrideOut]
    next: str | None


def windows(pairs: Sequence[Minutes]) -> tuple[WeeklyWindow, ...]:
    return tuple(WeeklyWindow(starts=starts, ends=ends) for starts, ends in pairs)
