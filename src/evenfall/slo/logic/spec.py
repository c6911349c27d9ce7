"""What is measured and what was promised: the words of objectives, as OpenSLO v1 has them.

Frozen values without identity: a draft is one of these, what is stored is read into one. Targets
are shares from 0 to 1 (0.999), times are whole minutes.
"""

import enum
from datetime import datetime, timedelta
from typing import Final, override

from msgspec import Struct

from evenfall.slo.logic.pairs import DEFAULT_PAIRS, Pair, Scaling

SLICES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Minutes of a time slice: whole slices fill each hour."""


class Origin(enum.StrEnum):
    """Where counts come from."""

    METRICS = "metrics"
    PUSHED = "pushed"
    MONITORS = "monitors"


class Measure(enum.StrEnum):
    """How an indicator tells good from bad.

    GOOD and BAD are counts beside a total. SUCCESS and FAILURE are ratios that somebody computed
    already. THRESHOLD is a value that is good while `value op limit` is true.
    """

    GOOD = "good"
    BAD = "bad"
    SUCCESS = "success"
    FAILURE = "failure"
    THRESHOLD = "threshold"

    @property
    def has_total(self) -> bool:
        return self in {Measure.GOOD, Measure.BAD}


class Op(enum.StrEnum):
    LTE = "lte"
    LT = "lt"
    GTE = "gte"
    GT = "gt"

    def holds(self, value: float, limit: float) -> bool:
        return {
            Op.LTE: value <= limit,
            Op.LT: value < limit,
            Op.GTE: value >= limit,
            Op.GT: value > limit,
        }[self]


class Method(enum.StrEnum):
    """What the budget counts: events, bad slices of time, or the mean of the slices' ratios."""

    OCCURRENCES = "Occurrences"
    TIMESLICES = "Timeslices"
    RATIO_TIMESLICES = "RatioTimeslices"

    @property
    def has_slices(self) -> bool:
        return self is not Method.OCCURRENCES


class NoData(enum.StrEnum):
    """What a slice without data counts as."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


class Unit(enum.StrEnum):
    """OpenSLO's shorthand: M is a month, m a minute."""

    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "M"
    QUARTER = "Q"
    YEAR = "Y"


class Span(Struct, frozen=True):
    """So many units: 28 d, 1 M."""

    number: int
    unit: Unit

    @override
    def __str__(self) -> str:
        return f"{self.number}{self.unit.value}"


class Window(Struct, frozen=True, kw_only=True):
    """The time a target is for: the last `span`, or spans of the calendar of a zone.

    A calendar window has `zone` (an IANA name) and `starts`, a naive wall time at which one of
    the windows begins; both are empty for a rolling one.
    """

    span: Span
    zone: str = ""
    starts: datetime | None = None

    @property
    def is_rolling(self) -> bool:
        return not self.zone


class IndicatorSpec(Struct, frozen=True, kw_only=True):
    """How good and total of each minute are found.

    `query` selects the good ones (GOOD), the bad ones (BAD), the ratio or the value; `total` goes
    with GOOD and BAD. Queries may hold `$service` and `$environment`. With `is_counter` both
    select counters that only grow, series by series, and the differences are taken here; without
    it each answer is what one minute had. `created` is a query for the unix time at which each
    counter began to count ("" for unknown). `monitor_ids` go with MONITORS.
    """

    origin: Origin = Origin.METRICS
    measure: Measure = Measure.GOOD
    source_id: int | None = None
    query: str = ""
    total: str = ""
    created: str = ""
    is_counter: bool = True
    op: Op = Op.LTE
    limit: float = 0.0
    monitor_ids: tuple[int, ...] = ()


class Member(Struct, frozen=True, kw_only=True):
    """One indicator of a composite. `target` and `slice_target` None are those of the whole."""

    indicator_id: int
    weight: float = 1.0
    target: float | None = None
    slice_target: float | None = None


class LowTraffic(Struct, frozen=True, kw_only=True):
    """When few events are no proof; each rule that is on has to agree before an alert fires.

    `least_total` and `least_bad` are events in the window; `budget_share` weighs errors by the
    traffic that the whole period is expected to have; `exact` wants a binomial test (p < 0.05).
    """

    least_total: int = 0
    least_bad: int = 3
    budget_share: bool = False
    exact: bool = False


class AlertRules(Struct, frozen=True, kw_only=True):
    """What is told of an objective. `pairs` are for 30 days; `scaling` fits them to the window."""

    is_on: bool = True
    scaling: Scaling = Scaling.FIXED
    pairs: tuple[Pair, ...] = DEFAULT_PAIRS
    low_traffic: LowTraffic = LowTraffic()
    absent: bool = True
    exhausted: bool = True


class Policy(Struct, frozen=True, kw_only=True):
    """Shares of the budget left: WARN below `warn_below`, thawed again from `thaw_from` on."""

    warn_below: float = 0.25
    thaw_from: float = 0.10


class Promise(Struct, frozen=True, kw_only=True):
    """What was promised about the counts: all that the mathematics needs."""

    target: float
    window: Window
    method: Method = Method.OCCURRENCES
    slice_target: float = 1.0
    slice_minutes: int = 1
    no_data: NoData = NoData.SKIP

    @property
    def allowed(self) -> float:
        """The share that may be bad: 1 - target."""
        return 1 - self.target

    @property
    def slice(self) -> timedelta:
        return timedelta(minutes=self.slice_minutes)


class ObjectiveSpec(Struct, frozen=True, kw_only=True):
    """A whole objective. It has `indicator_id`, or `members` when it is a composite."""

    name: str
    service_id: int
    promise: Promise
    indicator_id: int | None = None
    members: tuple[Member, ...] = ()
    description: str = ""
    environment: str = "PROD"
    alerts: AlertRules = AlertRules()
    policy: Policy = Policy()

    @property
    def is_composite(self) -> bool:
        return bool(self.members)
