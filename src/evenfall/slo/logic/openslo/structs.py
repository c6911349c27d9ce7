"""The documents of OpenSLO v1 as values. A name is what other documents refer to it by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from evenfall.slo.logic.openslo.durations import Duration


class Kind(StrEnum):
    DATA_SOURCE = "DataSource"
    SERVICE = "Service"
    SLI = "SLI"
    SLO = "SLO"
    ALERT_POLICY = "AlertPolicy"
    ALERT_CONDITION = "AlertCondition"
    ALERT_NOTIFICATION_TARGET = "AlertNotificationTarget"


class Budgeting(StrEnum):
    OCCURRENCES = "Occurrences"
    TIMESLICES = "Timeslices"
    RATIO_TIMESLICES = "RatioTimeslices"


class Op(StrEnum):
    LTE = "lte"
    GTE = "gte"
    LT = "lt"
    GT = "gt"


class RawType(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """`labels` always as lists of values; `annotations` are texts by prefixed name."""

    name: str
    display_name: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.display_name or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """`details` are opaque: what reaches it, in its own words."""

    meta: Meta
    type: str
    description: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    meta: Meta
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A query in words that only the source knows: `spec` is opaque."""

    source_ref: str = ""
    type: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Good or bad of total, or `raw`, a ratio already. `counter` means nothing to a raw one."""

    good: Metric | None = None
    bad: Metric | None = None
    total: Metric | None = None
    raw: Metric | None = None
    raw_type: RawType | None = None
    counter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An SLI, of its own document or inline. Exactly one of threshold and ratio."""

    meta: Meta
    description: str = ""
    threshold: Metric | None = None
    ratio: Ratio | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Rolling, or from `starts_at` (wall clock, `YYYY-MM-DD hh:mm:ss`) in the named zone."""

    duration: Duration
    is_rolling: bool
    starts_at: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """`target` is a share; `op` and `value` belong to threshold indicators.

    An indicator of its own (by name or inline) makes it a member of a composite.
    """

    target: Decimal
    display_name: str = ""
    op: Op | None = None
    value: float | None = None
    slice_target: Decimal | None = None
    slice_window: Duration | None = None
    indicator: Indicator | None = None
    indicator_ref: str = ""
    weight: float | None = None

    @property
    def is_member(self) -> bool:
        return bool(self.indicator or self.indicator_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Burn rate `op` threshold over the last `lookback`, for `after` at least."""

    meta: Meta
    severity: str
    threshold: float
    lookback: Duration
    op: Op
    after: Duration | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom an alert reaches, as free text of the tool that wrote it."""

    meta: Meta
    target: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """The condition and targets are inline or names of other documents."""

    meta: Meta
    description: str = ""
    when_breaching: bool = False
    when_resolved: bool = False
    when_no_data: bool = False
    condition: Condition | None = None
    condition_ref: str = ""
    targets: tuple[Target | str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    meta: Meta
    service: str
    budgeting: Budgeting
    window: Window
    objectives: tuple[Objective, ...]
    description: str = ""
    indicator: Indicator | None = None
    indicator_ref: str = ""
    policies: tuple[AlertPolicy | str, ...] = ()

    @property
    def is_composite(self) -> bool:
        return any(one.is_member for one in self.objectives)


type Document = DataSource | Service | Indicator | Slo | AlertPolicy | Condition | Target

KINDS: Mapping[type, Kind] = {
    DataSource: Kind.DATA_SOURCE,
    Service: Kind.SERVICE,
    Indicator: Kind.SLI,
    Slo: Kind.SLO,
    AlertPolicy: Kind.ALERT_POLICY,
    Condition: Kind.ALERT_CONDITION,
    Target: Kind.ALERT_NOTIFICATION_TARGET,
}
