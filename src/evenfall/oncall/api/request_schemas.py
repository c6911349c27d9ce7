"""What the API takes and gives about requests and previews. Instants carry a zone."""

from datetime import datetime
from enum import StrEnum

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.oncall.api.schemas import Id, OverrideIn, PlanIn
from evenfall.oncall.logic.requests import OfferState, RequestKind, RequestState, Way
from evenfall.oncall.ports import OverrideSpec, Role


class RequestIn(Schema):
    rota_id: Id
    role: Role = Role.PRIMARY
    shift_at: AwareDatetime
    """Any instant of the shift to hand over."""
    asker_id: Id | None = None
    """Whose shift it is; None is the caller's. Others' are for managers."""
    part_starts_at: AwareDatetime | None = None
    part_ends_at: AwareDatetime | None = None
    way: Way = Way.ONE_BY_ONE
    person_id: Id | None = None
    """Whom to ask; goes with the way person, and with a swap."""
    back_at: AwareDatetime | None = None
    """Any instant of that person's shift taken in return, which makes it a swap."""
    back_rota_id: Id | None = None
    """The rota of that shift; None is the same one."""
    back_role: Role | None = None
    """The role of that shift; None is the same one."""
    back_part_starts_at: AwareDatetime | None = None
    back_part_ends_at: AwareDatetime | None = None
    insist: bool = False
    note: str = Field(default="", max_length=200)


class RequestAnswerIn(Schema):
    user_id: Id | None = None
    """Who answers; None is the caller. A manager may answer for others."""
    note: str = Field(default="", max_length=200)


class OfferOut(Schema):
    user_id: int
    name: str
    state: OfferState
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    note: str


class RequestOut(Schema):
    id: int
    kind: RequestKind
    role: Role
    state: RequestState
    way: Way
    rota_id: int
    rota_name: str
    team_id: int
    asker_id: int
    asker: str
    taker_id: int | None
    taker: str
    turn: str
    """Why the asker has the shift: it names the layer and the start on the wall."""
    starts_at: datetime
    ends_at: datetime
    is_partial: bool
    back_starts_at: datetime | None
    back_ends_at: datetime | None
    back_rota_id: int | None
    back_rota_name: str
    back_role: Role | None
    is_back_partial: bool
    note: str
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    reason: str
    undo_asked_by_id: int | None
    override_ids: list[int]
    offers: list[OfferOut]


class RequestsOut(Schema):
    items: list[RequestOut]
    next: str | None


class RequestsOfState(StrEnum):
    """live: nobody said yes yet."""

    LIVE = "live"
    ALL = "all"


class PreviewIn(Schema):
    """A change that is not saved: overrides to add, a plan to follow, or both."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    overrides: list[OverrideIn] = Field(default_factory=list, max_length=100)
    plan: PlanIn | None = None


class ScheduleChangeOut(Schema):
    starts_at: datetime
    ends_at: datetime
    role: Role
    before_id: int | None
    before: str
    after_id: int | None
    after: str


class ScheduleChangesOut(Schema):
    changes: list[ScheduleChangeOut]


def override_spec(body: OverrideIn) -> OverrideSpec:
    """The override as a value, unchecked."""
    return OverrideSpec(
        role=body.role,
        kind=body.kind,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        user_id=body.user_id,
        instead_of=body.instead_of_id,
        note=body.note,
    )
