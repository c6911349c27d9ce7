"""What the API takes and gives about loads. Loads are in points, hours in hours."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from evenfall.oncall.models.fairness import HEAVIEST
from evenfall.oncall.ports import Role

Weight = Annotated[float, Field(ge=0, le=HEAVIEST, allow_inf_nan=False)]
type Minute = Annotated[int, Field(ge=0, lt=1440)]


class Weights(Schema):
    """Points for an hour, a page or a minute; the night in minutes after midnight."""

    standby_hour: Weight = 1.0
    lieutenant_hour: Weight = 0.0
    night_hour: Weight = 2.0
    weekend_hour: Weight = 3.0
    holiday_hour: Weight = 5.0
    page: Weight = 20.0
    night_page: Weight = 40.0
    active_minute: Weight = 0.5
    night_starts: Minute = 1320
    night_ends: Minute = 420


class WeightsOut(Schema):
    weights: Weights
    since: datetime | None
    """None while the usual weights count."""
    set_by: str


class WorkProfileIn(Schema):
    country: str = Field(default="", max_length=2)
    """By the codes of ISO 3166; empty for no holidays."""
    region: str = Field(default="", max_length=16)
    percent: int = Field(default=100, ge=0, le=100)


class WorkProfileOut(WorkProfileIn):
    user_id: int


class TallyOut(Schema):
    """Hours as primary, each in one class: holiday, else weekend, else night, else day."""

    standby_hours: float
    day_hours: float
    night_hours: float
    weekend_hours: float
    holiday_hours: float
    lieutenant_hours: float
    pages: int
    night_pages: int
    wake_ups: int
    active_minutes: float
    swaps_given: int
    swaps_taken: int


class PersonLoadOut(Schema):
    user_id: int
    name: str
    share: float
    """The part of the window in which the person could have been on call."""
    load: float
    rate: float | None
    """The load over the share; None below a twentieth."""
    tally: TallyOut


class SpreadOut(Schema):
    """Indices are None for fewer than four people."""

    people: int
    mean: float
    span: float
    gini: float | None
    variation: float | None
    max_to_median: float | None
    jain: float | None


class FairnessOut(Schema):
    team_id: int
    weeks: int
    starts_at: datetime
    ends_at: datetime
    weights: WeightsOut
    people: list[PersonLoadOut]
    load: SpreadOut
    days_off: SpreadOut
    """Hours of weekends and holidays."""
    pages: SpreadOut
    chance: float | None
    """The Gini of the pages that chance alone would give."""


class ProposalIn(Schema):
    weeks: int = Field(default=8, ge=1, le=12)
    with_order: bool = True
    """Propose a new order of the members where that alone does it, instead of overrides."""
    with_lieutenants: bool = True


class ApplyIn(ProposalIn):
    fingerprint: str = Field(max_length=64)
    """Of the proposal that was looked at."""


class BlockedOut(Schema):
    name: str
    rule: str


class ProposedShiftOut(Schema):
    role: Role
    starts_at: datetime
    ends_at: datetime
    present_id: int | None
    present: str
    proposed_id: int | None
    proposed: str
    why: str
    is_change: bool
    is_settled: bool
    blocked: list[BlockedOut]
    """Why nobody may take the shift, by person."""

    @staticmethod
    def resolve_blocked(shift: object) -> list[dict[str, str]]:
        pairs: list[tuple[str, str]] = getattr(shift, "blocked", [])
        return [{"name": name, "rule": rule} for name, rule in pairs]


class LevelOut(Schema):
    user_id: int
    name: str
    now: float
    present: float
    proposed: float


class ProposalOut(Schema):
    rota_id: int
    weeks: int
    starts_at: datetime
    ends_at: datetime
    fingerprint: str
    shifts: list[ProposedShiftOut]
    levels: list[LevelOut]
    present: SpreadOut
    proposed: SpreadOut
    seconds: list[ProposedShiftOut]
    """The shifts of the lieutenant."""
    second_levels: list[LevelOut]
    """In hours as lieutenant."""
    order_starts_at: datetime | None
    """From when the members take turns in another order; None where overrides are written."""
    order_names: list[str]


class AppliedOut(Schema):
    id: int
    rota_id: int
    override_ids: list[int]
    plan_starts_at: datetime | None
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None
