"""What goes over the wire about windows, freezes, stops, stages and standard changes."""

from datetime import datetime, timedelta
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.catalog.ports import Environment
from evenfall.releases.actions import NewFreeze, Reach, StageWish, StandardWish, WindowWish
from evenfall.releases.logic.rules import Expected, Group, Item, Rules, stored
from evenfall.releases.logic.windows import Hours
from evenfall.releases.logic.words import Kind, Scope
from evenfall.releases.queries import StageView, WindowView

MOST_ID = 2**53


class ReleaseScopeOut(Schema):
    kind: Scope
    name: str
    service_id: int | None
    team_id: int | None


class ReachIn(Schema):
    """A service, a team, or neither for the whole site."""

    service_id: int | None = Field(None, ge=1, le=MOST_ID)
    team_id: int | None = Field(None, ge=1, le=MOST_ID)

    def reach(self) -> Reach:
        return Reach(service_id=self.service_id, team_id=self.team_id)


class StopIn(ReachIn):
    reason: str = Field(max_length=500)


class StopOut(Schema):
    id: int
    scope: ReleaseScopeOut
    reason: str
    pressed_at: datetime
    pressed_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


class StopsOut(Schema):
    items: list[StopOut]


class LiftIn(Schema):
    reason: str = Field(max_length=500)


class FreezeIn(ReachIn):
    environments: list[Environment] = Field(max_length=3)
    reason: str = Field(max_length=500)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    exempt: list[Kind] = Field(default_factory=list, max_length=5)

    def new(self) -> NewFreeze:
        values = self.dict(exclude={"service_id", "team_id"})
        return NewFreeze(reach=self.reach(), **values)


class FreezeOut(Schema):
    id: int
    scope: ReleaseScopeOut
    environments: list[Environment]
    reason: str
    starts_at: datetime
    ends_at: datetime
    exempt: list[Kind]
    created_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


class FreezesOut(Schema):
    items: list[FreezeOut]


class HoursSchema(Schema):
    """A part of a weekday, 0 for Monday, in minutes after midnight of the zone."""

    day: int = Field(ge=0, le=6)
    starts: int = Field(ge=0, le=1439)
    ends: int = Field(ge=1, le=1440)


class DeployWindowIn(ReachIn):
    name: str = Field(max_length=120)
    environments: list[Environment] = Field(max_length=3)
    time_zone: str = Field(max_length=64)
    hours: list[HoursSchema] = Field(max_length=50)
    country: str = Field("", max_length=8)
    region: str = Field("", max_length=8)
    handover_minutes: int = Field(0, ge=0, le=10_080)
    """Closed for so long before whoever is on call hands over."""
    revision: int = Field(0, ge=0, le=2**31 - 1)

    def wish(self) -> WindowWish:
        values = self.dict(exclude={"service_id", "team_id", "hours", "revision"})
        hours = [Hours(one.day, one.starts, one.ends) for one in self.hours]
        return WindowWish(reach=self.reach(), hours=hours, **values)


class DeployWindowOut(Schema):
    id: int
    scope: ReleaseScopeOut
    name: str
    environments: list[Environment]
    time_zone: str
    hours: list[HoursSchema]
    country: str
    region: str
    handover_minutes: int
    revision: int
    next_open: datetime | None
    """Now, when it is open; null when it does not open within sixty days."""


class DeployWindowsOut(Schema):
    items: list[DeployWindowOut]


class GroupSchema(Schema):
    """A team of which so many people must say yes."""

    team_id: int = Field(ge=1, le=MOST_ID)
    need: int = Field(1, ge=1, le=100)


class ChecklistItemSchema(Schema):
    """With a `check` a pipeline ticks it by that name."""

    key: str = Field(max_length=40)
    text: str = Field(max_length=300)
    check: str = Field("", max_length=80)


class ExpectedSchema(Schema):
    """A result that a pipeline must push; 0 hours: of any age."""

    name: str = Field(max_length=80)
    fresh_hours: int = Field(24, ge=0, le=100_000)


class StageRulesSchema(Schema):
    """What a stage asks for; `gates` are names, stop and freeze are always asked."""

    gates: list[str] = Field(max_length=20)
    need: int = Field(1, ge=0, le=100)
    groups: list[GroupSchema] = Field(default_factory=list, max_length=50)
    at_least: int = Field(0, ge=0, le=50)
    """How many of the groups; 0 for all of them."""
    checklist: list[ChecklistItemSchema] = Field(default_factory=list, max_length=50)
    quality: list[ExpectedSchema] = Field(default_factory=list, max_length=50)
    previous_proven: bool = False
    worst_severity: int = Field(3, ge=1, le=5)
    watch_minutes: int = Field(60, ge=0, le=10_080)
    awake: tuple[int, int] | None = None
    """Minutes of the local day of whoever is on call."""
    irreversible_needs_exception: bool = True
    no_sign_off_for: list[Kind] = Field(default_factory=lambda: [Kind.ROLLBACK], max_length=5)

    def rules(self) -> Rules:
        return Rules(
            **self.dict(exclude={"gates", "groups", "checklist", "quality", "no_sign_off_for"}),
            gates=frozenset(self.gates),
            groups=tuple(Group(**one.dict()) for one in self.groups),
            checklist=tuple(Item(**one.dict()) for one in self.checklist),
            quality=tuple(Expected(**one.dict()) for one in self.quality),
            no_sign_off_for=frozenset(self.no_sign_off_for),
        )


class StageSchema(Schema):
    name: str = Field(max_length=40)
    environment: Environment
    rules: StageRulesSchema

    def wish(self) -> StageWish:
        return StageWish(
            name=self.name, environment=self.environment.value, rules=self.rules.rules()
        )


class StagesIn(Schema):
    """The whole way, in order; none at all gives the service the way of the site again."""

    stages: list[StageSchema] = Field(max_length=20)
    revision: int = Field(0, ge=0, le=2**31 - 1)


class StagesOut(Schema):
    """`is_own` is false where the way is that of the site, or built in."""

    stages: list[StageSchema]
    revision: int
    is_own: bool


class StandardIn(ReachIn):
    name: str = Field(max_length=120)
    environments: list[Environment] = Field(max_length=3)
    kinds: list[Kind] = Field(max_length=5)
    most_downtime_minutes: int = Field(0, ge=0, le=2**31 - 1)
    conditions: str = Field("", max_length=10_000)
    expires_at: AwareDatetime

    def wish(self) -> StandardWish:
        values = self.dict(exclude={"service_id", "team_id"})
        return StandardWish(reach=self.reach(), **values)


class StandardOut(Schema):
    id: int
    scope: ReleaseScopeOut
    name: str
    environments: list[Environment]
    kinds: list[Kind]
    most_downtime_minutes: int
    conditions: str
    expires_at: datetime
    asked_by: str
    approved_by: str
    approved_at: datetime | None


class StandardsOut(Schema):
    items: list[StandardOut]


class ReleaseIdOut(Schema):
    id: int


def window_out(view: WindowView, opens_at: datetime | None) -> dict[str, Any]:
    window = view.window
    return {
        "id": view.id,
        "scope": view.scope,
        "name": window.name,
        "environments": view.environments,
        "time_zone": window.zone.key,
        "hours": [{"day": o.day, "starts": o.starts, "ends": o.ends} for o in window.hours],
        "country": window.country,
        "region": window.region,
        "handover_minutes": window.handover // timedelta(minutes=1),
        "revision": view.revision,
        "next_open": opens_at,
    }


def stage_out(view: StageView) -> dict[str, Any]:
    return {
        "name": view.name,
        "environment": view.environment,
        "rules": stored(view.rules),
    }
