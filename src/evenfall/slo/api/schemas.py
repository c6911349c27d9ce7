"""What goes over the wire about objectives. Targets are shares from 0 to 1, windows minutes."""

import re
from datetime import date, datetime
from typing import Any, Final, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, field_validator

from evenfall.catalog.ports import Environment
from evenfall.slo.actions import (
    CorrectionWish,
    ExceptionWish,
    IndicatorWish,
    ObjectiveWish,
    PushedMinute,
)
from evenfall.slo.logic.pairs import DEFAULT_PAIRS, Pair, Scaling, Severity
from evenfall.slo.logic.spec import (
    AlertRules,
    IndicatorSpec,
    LowTraffic,
    Measure,
    Member,
    Method,
    NoData,
    ObjectiveSpec,
    Op,
    Origin,
    Policy,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.logic.states import BudgetState, CorrectionKind, ExceptionKind

_SPAN: Final = r"^[1-9][0-9]{0,4}[mhdwMQY]$"
_STARTS: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?$"


class IndicatorIn(Schema):
    """How good and total are counted; see “Set an objective” in the documentation."""

    name: str = Field(max_length=120)
    service_id: int
    environment: Environment = Environment.PROD
    description: str = Field(default="", max_length=10_000)
    slug: str = Field(default="", max_length=63)
    origin: Origin = Origin.METRICS
    measure: Measure = Measure.GOOD
    source_id: int | None = None
    query: str = Field(default="", max_length=8_000)
    total: str = Field(default="", max_length=8_000)
    created: str = Field(default="", max_length=8_000)
    is_counter: bool = True
    op: Op = Op.LTE
    limit: float = 0.0
    monitor_ids: list[int] = Field(default_factory=list, max_length=100)
    labels: dict[str, Any] = Field(default_factory=dict, max_length=64)

    def wish(self) -> IndicatorWish:
        return IndicatorWish(
            name=self.name,
            service_id=self.service_id,
            environment=self.environment,
            description=self.description,
            slug=self.slug,
            labels=self.labels,
            spec=self.spec(),
        )

    def spec(self) -> IndicatorSpec:
        return IndicatorSpec(
            origin=self.origin,
            measure=self.measure,
            source_id=self.source_id,
            query=self.query,
            total=self.total,
            created=self.created,
            is_counter=self.is_counter,
            op=self.op,
            limit=self.limit,
            monitor_ids=tuple(self.monitor_ids),
        )


class IndicatorChangeIn(IndicatorIn):
    """`version` is the one that was read, so that nobody's change is lost."""

    version: int


class IndicatorOut(Schema):
    """`problem` says why it could not be read last; `queries` have their values filled in."""

    id: int
    slug: str
    name: str
    description: str
    service_id: int
    environment: Environment
    origin: Origin
    measure: Measure
    source_id: int | None
    query: str
    total: str
    created: str
    is_counter: bool
    op: Op
    limit: float
    monitor_ids: list[int]
    labels: dict[str, Any]
    queries: list[str]
    read_until: datetime | None
    problem: str
    version: int
    is_archived: bool


class IndicatorsOut(Schema):
    items: list[IndicatorOut]
    next: str | None = None


class ObjectiveWindow(Schema):
    """`span` is a number and m, h, d, w, M, Q or Y. A calendar window has a zone and a wall time
    at which one of its windows begins: `2026-01-05 00:00:00`.
    """

    span: str = Field(default="30d", pattern=_SPAN)
    zone: str = Field(default="", max_length=64)
    starts: str = Field(default="", pattern=f"^$|{_STARTS}")

    @field_validator("starts")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        """Raises ValueError for a day that no calendar has."""
        _wall(text)
        return text

    def window(self) -> Window:
        number, unit = re.split(r"(?=[a-zA-Z])", self.span)
        return Window(span=Span(int(number), Unit(unit)), zone=self.zone, starts=_wall(self.starts))


class ObjectiveMember(Schema):
    """One indicator of a composite; targets that are null are those of the whole."""

    indicator_id: int
    weight: float = 1.0
    target: float | None = None
    slice_target: float | None = None


class BurnPair(Schema):
    """It fires while both windows burn at `factor` times what is allowed, or more."""

    name: str = Field(max_length=60)
    severity: Severity
    long: int
    short: int
    factor: float


class LowTrafficRules(Schema):
    least_total: int = 0
    least_bad: int = 3
    budget_share: bool = False
    exact: bool = False


class ObjectiveAlerts(Schema):
    """`pairs` are for 30 days; `scaling` fits them to the window."""

    is_on: bool = True
    scaling: Scaling = Scaling.FIXED
    pairs: list[BurnPair] | None = Field(default=None, max_length=12)
    low_traffic: LowTrafficRules = LowTrafficRules()
    absent: bool = True
    exhausted: bool = True

    def rules(self) -> AlertRules:
        pairs = DEFAULT_PAIRS
        if self.pairs is not None:
            pairs = tuple(Pair(**dict(one)) for one in self.pairs)
        return AlertRules(
            is_on=self.is_on,
            scaling=self.scaling,
            pairs=pairs,
            low_traffic=LowTraffic(**dict(self.low_traffic)),
            absent=self.absent,
            exhausted=self.exhausted,
        )


class BudgetPolicy(Schema):
    """WARN below a share of the budget, thawed again from another on."""

    warn_below: float = 0.25
    thaw_from: float = 0.10


class ObjectiveIn(Schema):
    """It has `indicator_id`, a new `indicator`, or `members` when it is a composite."""

    name: str = Field(max_length=120)
    service_id: int
    environment: Environment = Environment.PROD
    description: str = Field(default="", max_length=10_000)
    slug: str = Field(default="", max_length=63)
    target: float
    window: ObjectiveWindow = ObjectiveWindow()
    method: Method = Method.OCCURRENCES
    slice_target: float = 1.0
    slice_minutes: int = 1
    no_data: NoData = NoData.SKIP
    indicator_id: int | None = None
    indicator: IndicatorIn | None = None
    members: list[ObjectiveMember] = Field(default_factory=list, max_length=20)
    alerts: ObjectiveAlerts = ObjectiveAlerts()
    policy: BudgetPolicy = BudgetPolicy()
    labels: dict[str, Any] = Field(default_factory=dict, max_length=64)

    def wish(self) -> ObjectiveWish:
        indicator = self.indicator.wish() if self.indicator else None
        return ObjectiveWish(
            spec=self.spec(), slug=self.slug, indicator=indicator, labels=self.labels
        )

    def spec(self) -> ObjectiveSpec:
        return ObjectiveSpec(
            name=self.name,
            service_id=self.service_id,
            environment=self.environment.value,
            description=self.description,
            promise=Promise(
                target=self.target,
                window=self.window.window(),
                method=self.method,
                slice_target=self.slice_target,
                slice_minutes=self.slice_minutes,
                no_data=self.no_data,
            ),
            indicator_id=self.indicator_id,
            members=tuple(Member(**dict(one)) for one in self.members),
            alerts=self.alerts.rules(),
            policy=Policy(**dict(self.policy)),
        )


class ObjectiveChangeIn(ObjectiveIn):
    """`version` is the one that was read, so that nobody's change is lost."""

    version: int


class BudgetOut(Schema):
    """How it stood at the last evaluation; shares are of the budget, null is unknown.

    `rest` is by the figure that decides, `rest_raw` with what was corrected.
    """

    state: BudgetState
    state_at: datetime
    evaluated_at: datetime
    since: datetime
    until: datetime
    good: float | None
    total: float | None
    ratio: float | None
    spent: float | None
    spent_raw: float | None
    spent_forecast: float | None
    rest: float | None
    rest_raw: float | None
    burn: float | None
    exhausted_at: datetime | None
    last_data_at: datetime | None


class ObjectiveOut(Schema):
    id: int
    slug: str
    name: str
    description: str
    service_id: int
    service: str
    environment: Environment
    target: float
    window: ObjectiveWindow
    method: Method
    slice_target: float
    slice_minutes: int
    no_data: NoData
    indicator_id: int | None
    members: list[ObjectiveMember]
    alerts: ObjectiveAlerts
    policy: BudgetPolicy
    labels: dict[str, Any]
    version: int
    created_at: datetime
    is_archived: bool
    budget: BudgetOut | None


class ObjectivesOut(Schema):
    items: list[ObjectiveOut]
    next: str | None


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


class BudgetExceptionOut(Schema):
    """`state` is asked, approved, revoked or over."""

    id: int
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


def _wall(text: str) -> datetime | None:
    """A naive time. Raises ValueError."""
    return datetime.fromisoformat(text) if text else None
