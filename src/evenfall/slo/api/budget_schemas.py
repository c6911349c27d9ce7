"""What goes over the wire about budgets: how they stand, who spent them, what does not count."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from evenfall.catalog.ports import Environment
from evenfall.slo.actions import CorrectionWish, ExceptionWish, PushedMinute
from evenfall.slo.api.schemas import BudgetOut, ObjectiveIn
from evenfall.slo.logic.pairs import Severity
from evenfall.slo.logic.states import BudgetState, CorrectionKind, ExceptionKind, ReviewOutcome


class SpentPart(Schema):
    """What one cause spent: `budget` is a share of the whole budget, `share` of what is spent."""

    kind: str
    reference: str
    title: str
    url: str
    budget: float
    share: float
    alone: float


class BudgetPoint(Schema):
    at: datetime
    rest: float | None


class ObjectiveBudgetOut(Schema):
    """The budget, who spent it, and what was left at the end of each hour."""

    budget: BudgetOut | None
    spent_by: list[SpentPart]
    history: list[BudgetPoint]


class PairBurnOut(Schema):
    """`fires` null is unknown; `held_back` says which low-traffic rule kept it quiet.

    `clamped_from` is the factor that a full outage could never have reached.
    """

    name: str
    severity: Severity
    long: int
    short: int
    factor: float
    share: float
    clamped_from: float | None
    burn_long: float | None
    burn_short: float | None
    fires: bool | None
    held_back: str


class ObjectiveAlertOut(Schema):
    id: int
    kind: Literal["page", "ticket", "absent", "exhausted"]
    pair: str
    long: int | None
    short: int | None
    factor: float | None
    burn_long: float | None
    burn_short: float | None
    said: str
    started_at: datetime
    ended_at: datetime | None


class ObjectiveBurnOut(Schema):
    burn: float | None
    pairs: list[PairBurnOut]
    alerts: list[ObjectiveAlertOut]


class CorrectionIn(Schema):
    """With `weeks` it comes again so often in all, at the same time on the wall of `zone`."""

    kind: CorrectionKind = CorrectionKind.MAINTENANCE
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: str = Field(max_length=10_000)
    weeks: int = 1
    zone: str = Field(default="UTC", max_length=64)

    def wish(self) -> CorrectionWish:
        return CorrectionWish(**dict(self))


class CorrectionOut(Schema):
    id: int
    kind: CorrectionKind
    starts_at: datetime
    ends_at: datetime
    reason: str
    by: str
    at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


class CorrectionsOut(Schema):
    items: list[CorrectionOut]
    next: str | None = None


class BudgetExceptionIn(Schema):
    kind: ExceptionKind
    reason: str = Field(max_length=10_000)
    review_on: date
    ends_at: AwareDatetime

    def wish(self) -> ExceptionWish:
        return ExceptionWish(**dict(self))


class BudgetReviewIn(Schema):
    outcome: ReviewOutcome
    note: str = Field(max_length=10_000)


class BudgetReviewOut(Schema):
    outcome: ReviewOutcome
    note: str
    by: str
    at: datetime


class BudgetExceptionOut(Schema):
    """`state` is asked, approved, revoked or over; `is_due` when it should have been reviewed."""

    id: int
    objective_id: int
    objective: str
    service: str
    kind: ExceptionKind
    reason: str
    review_on: date
    ends_at: datetime
    asked_by: str
    asked_at: datetime
    approved_by: str
    approved_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    state: str
    review: BudgetReviewOut | None
    awaits_review: bool
    is_due: bool


class BudgetExceptionsOut(Schema):
    items: list[BudgetExceptionOut]
    next: str | None = None


class PushedMinuteIn(Schema):
    at: AwareDatetime
    good: float
    total: float


class PushedCountsIn(Schema):
    """The same `key` again changes nothing; several senders add up."""

    key: str = Field(max_length=100)
    minutes: list[PushedMinuteIn] = Field(max_length=1440)

    def counts(self) -> list[PushedMinute]:
        return [PushedMinute(at=one.at, good=one.good, total=one.total) for one in self.minutes]


class PushedCountsOut(Schema):
    """`is_new` is false when this key was there before."""

    is_new: bool


class ObjectivePreviewIn(ObjectiveIn):
    """A draft; `hours` is how far it looks back, its window unless given, at most 35 days."""

    hours: int | None = Field(default=None, ge=1, le=840)


class PreviewAlertOut(Schema):
    kind: str
    pair: str
    started_at: datetime
    ended_at: datetime | None


class PreviewPairOut(Schema):
    name: str
    severity: Severity
    long: int
    short: int
    factor: float
    share: float
    clamped_from: float | None


class ObjectivePreviewOut(Schema):
    """`known` is the share of minutes of which something is known."""

    since: datetime
    until: datetime
    queries: list[str]
    good: float
    total: float
    spent: float | None
    known: float
    history: list[BudgetPoint]
    alerts: list[PreviewAlertOut]
    pairs: list[PreviewPairOut]


class BudgetStandingOut(Schema):
    """What a gate asks: whether changes may pass, and why."""

    objective_id: int
    name: str
    service_id: int
    environment: Environment
    state: BudgetState
    state_at: datetime | None
    rest: float | None
    evaluated_at: datetime | None
    may_pass: bool
    exception_id: int | None
    exception_until: datetime | None
    reason: str


class BudgetStandingsOut(Schema):
    items: list[BudgetStandingOut]
    next: str | None = None
