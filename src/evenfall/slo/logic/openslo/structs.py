"""The documents of OpenSLO v1 as values. A name is what other documents refer to it by."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

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


class Meta(Struct, frozen=True, kw_only=True):
    """`labels` always as lists of values; `annotations` are texts by prefixed name."""

    name: str
    display_name: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.display_name or self.name


class DataSource(Struct, frozen=True, kw_only=True):
    """`details` are opaque: what reaches it, in its own words."""

    meta: Meta
    type: str
    description: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


class Service(Struct, frozen=True, kw_only=True):
    meta: Meta
    description: str = ""


class Metric(Struct, frozen=True, kw_only=True):
    """A query in words that only the source knows: `spec` is opaque."""

    source_ref: str = ""
    type: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)


class Ratio(Struct, frozen=True, kw_only=True):
    """Good or bad of total, or `raw`, a ratio already. `counter` means nothing to a raw one."""

    good: Metric | None = None
    bad: Metric | None = None
    total: Metric | None = None
    raw: Metric | None = None
    raw_type: RawType | None = None
    counter: bool = False


class Indicator(Struct, frozen=True, kw_only=True):
    """An SLI, of its own document or inline. Exactly one of threshold and ratio."""

    meta: Meta
    description: str = ""
    threshold: Metric | None = None
    ratio: Ratio | None = None


class Window(Struct, frozen=True, kw_only=True):
    """Rolling, or from `starts_at` (wall clock, `YYYY-MM-DD hh:mm:ss`) in the named zone."""

    duration: Duration
    is_rolling: bool
    starts_at: str = ""
    zone: str = ""


class Objective(Struct, frozen=True, kw_only=True):
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


class Condition(Struct, frozen=True, kw_only=True):
    """Burn rate `op` threshold over the last `lookback`, for `after` at least."""

    meta: Meta
    severity: str
    threshold: float
    lookback: Duration
    op: Op
    after: Duration | None = None
    description: str = ""


class Target(Struct, frozen=True, kw_only=True):
    """Whom an alert reaches, as free text of the tool that wrote it."""

    meta: Meta
    target: str
    description: str = ""


class AlertPolicy(Struct, frozen=True, kw_only=True):
    """The condition and targets are inline or names of other documents."""

    meta: Meta
    description: str = ""
    when_breaching: bool = False
    when_resolved: bool = False
    when_no_data: bool = False
    condition: Condition | None = None
    condition_ref: str = ""
    targets: tuple[Target | str, ...] = ()


class Slo(Struct, frozen=True, kw_only=True):
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
