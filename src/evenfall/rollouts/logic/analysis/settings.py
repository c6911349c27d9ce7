"""What is measured of a rollout, as it is kept: read from JSON, checked, and written back.

A document has the limits of the score, what the fast lanes go by, and metrics. A metric is compared
between the two sides (`compare`), or its value on the new side must keep conditions (`condition`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from msgspec import Struct, field

from evenfall.rollouts.logic.analysis import conditions
from evenfall.rollouts.logic.analysis.burn import Burn
from evenfall.rollouts.logic.analysis.conditions import ConditionError, Conditions
from evenfall.rollouts.logic.analysis.counting import Counting
from evenfall.rollouts.logic.analysis.judging import Direction, Effect, Measure, Rule
from evenfall.rollouts.logic.analysis.samples import NanStrategy, Outliers
from evenfall.rollouts.logic.analysis.score import Limits
from evenfall.rollouts.logic.analysis.sprt import Sequential

MOST_METRICS: Final = 30
MOST_QUERY: Final = 8_000
_DAY_S: Final = 86_400
_MOST_NUMBER: Final = 1e15


class SettingsUnclear(ValueError):
    """A document cannot be read; `field` names the part, `reason` is for people."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class Kind(StrEnum):
    """What is done with the values of a metric."""

    COMPARE = "compare"
    CONDITION = "condition"


class Metric(Struct, frozen=True, kw_only=True):
    """One metric. `source_id` 0 is the count of errors that the traffic port keeps itself.

    `query` is asked for each side with its own `$version` and `$slot`; `stable_query`, where there
    is one, is asked for the stable side instead. `interval_s` is how often, `window_s` what
    `$window` stands for. A dry run is measured and shown and decides nothing.
    """

    name: str
    kind: Kind = Kind.COMPARE
    source_id: int = 0
    query: str = ""
    stable_query: str = ""
    interval_s: int = 10
    window_s: int = 10
    delay_s: int = 0
    groups: tuple[str, ...] = ("",)
    is_dry_run: bool = False
    rule: Rule = field(default_factory=Rule)
    conditions: Conditions = field(default_factory=Conditions)
    counting: Counting = field(default_factory=Counting)

    @property
    def stride(self) -> int:
        """Every so-manieth value is compared: windows that overlap would count twice."""
        return -(-self.window_s // self.interval_s)


class Settings(Struct, frozen=True, kw_only=True):
    """One analysis. `sequential` is None where it is switched off.

    `burn` is None where nobody typed a target in; then `objective` says whose is taken when a
    rollout begins: that of this name in addresses, "" for the strictest one of the service, and
    NO_OBJECTIVE for none.
    """

    metrics: tuple[Metric, ...] = ()
    limits: Limits = field(default_factory=Limits)
    sequential: Sequential | None = field(default_factory=Sequential)
    burn: Burn | None = None
    objective: str = ""


NO_OBJECTIVE: Final = "none"
NOTHING_SAID: Final = Settings(sequential=Sequential(must_pass=False))
"""Where nobody said what is measured: what is plainly worse fails, and no rollout is held."""


_DOCUMENT: Final = {
    "metrics",
    "pass_at",
    "marginal_at",
    "weights",
    "sequential",
    "burn_target",
    "burn_objective",
    "burn_name",
}


def read(said: Mapping[str, Any]) -> Settings:
    """Read a document; what is left out has its default. Raises SettingsUnclear."""
    _known(said, _DOCUMENT, "")
    found = said.get("metrics", [])
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) > MOST_METRICS:
        raise SettingsUnclear("metrics", f"The metrics are a list of at most {MOST_METRICS}.")
    metrics = tuple(read_metric(one) for one in found)
    if len({one.name for one in metrics}) < len(metrics):
        raise SettingsUnclear("name", "Two metrics have the same name.")
    target = _number(said, "burn_target", None, 0, 0.999999)
    return Settings(
        metrics=metrics,
        limits=_limits(said),
        sequential=_sequential(said.get("sequential", {})),
        burn=None if target is None else Burn(target=target, name=_text(said, "burn_name")),
        objective=_text(said, "burn_objective"),
    )


def written(settings: Settings) -> dict[str, Any]:
    """The document, every value in it; `read` reads it back."""
    test = settings.sequential
    return {
        "pass_at": settings.limits.pass_at,
        "marginal_at": settings.limits.marginal_at,
        "weights": dict(settings.limits.weights),
        "burn_target": settings.burn.target if settings.burn else None,
        "burn_objective": settings.objective,
        "burn_name": settings.burn.name if settings.burn else "",
        "sequential": {name: getattr(test, name) for name in _SEQUENTIAL} if test else None,
        "metrics": [written_metric(one) for one in settings.metrics],
    }


def read_metric(said: object) -> Metric:
    """Read one metric; raises SettingsUnclear."""
    if not isinstance(said, Mapping):
        raise SettingsUnclear("metrics", "A metric is an object.")
    _known(said, set(_METRIC), "A metric")
    kind = Kind(_choice(said, "kind", Kind.COMPARE, Kind))
    success, failure = _condition(said, "success"), _condition(said, "failure")
    if kind is Kind.CONDITION and success is None and failure is None:
        raise SettingsUnclear("success", "Say when a value is a success, or a failure.")
    interval = _whole(said, "interval", 10, 1, _DAY_S)
    return Metric(
        name=_name(said),
        kind=kind,
        source_id=_source(said),
        query=_query(said, "query"),
        stable_query=_query(said, "stable_query"),
        interval_s=interval,
        window_s=_whole(said, "window", interval, 1, _DAY_S),
        delay_s=_whole(said, "delay", 0, 0, _DAY_S),
        groups=_groups(said),
        is_dry_run=said.get("dry_run", False) is True,
        rule=_rule(said),
        conditions=Conditions(success=success, failure=failure),
        counting=_counting(said, interval),
    )


def written_metric(metric: Metric) -> dict[str, Any]:
    """One metric as JSON."""
    return {name: say(metric) for name, say in _METRIC.items()}


def _rule(said: Mapping[str, Any]) -> Rule:
    def number(name: str) -> float | None:
        return _number(said, name, None, 0, _MOST_NUMBER)

    return Rule(
        direction=Direction(_choice(said, "direction", Direction.INCREASE, Direction)),
        nan=NanStrategy(_choice(said, "nan", NanStrategy.REMOVE, NanStrategy)),
        outliers=Outliers(_choice(said, "outliers", Outliers.KEEP, Outliers)),
        outlier_factor=_number(said, "outlier_factor", 3.0, 0, 1000) or 0.0,
        critical=said.get("critical", False) is True,
        must_have_data=said.get("must_have_data", False) is True,
        samples=_whole(said, "samples", 50, 2, 10_000),
        effect=Effect(
            measure=Measure(_choice(said, "measure", Measure.MEAN_RATIO, Measure)),
            increase=number("increase"),
            decrease=number("decrease"),
            critical_increase=number("critical_increase"),
            critical_decrease=number("critical_decrease"),
        ),
    )


def _counting(said: Mapping[str, Any], interval: int) -> Counting:
    most = 100_000
    return Counting(
        interval=timedelta(seconds=interval),
        initial_delay=timedelta(seconds=_whole(said, "delay", 0, 0, _DAY_S)),
        count=_whole(said, "count", 0, 0, most),
        failure_limit=_whole(said, "failure_limit", 0, -1, most),
        unclear_limit=_whole(said, "unclear_limit", 3, -1, most),
        error_limit=_whole(said, "error_limit", 4, -1, most),
        success_limit=_whole(said, "success_limit", 0, 0, most),
        least_successful=_whole(said, "least_successful", 1, 1, most),
    )


def _limits(said: Mapping[str, Any]) -> Limits:
    plain, weights = Limits(), said.get("weights") or {}
    if not isinstance(weights, Mapping):
        raise SettingsUnclear("weights", "The weights are percents by group.")
    shares = {str(name)[:60]: _number(weights, name, 0.0, 0, 100) or 0.0 for name in weights}
    if sum(shares.values()) > 100:  # noqa: PLR2004 - per cent
        raise SettingsUnclear("weights", "The weights are more than 100 together.")
    pass_at = _number(said, "pass_at", plain.pass_at, 0, 100) or 0.0
    marginal_at = _number(said, "marginal_at", plain.marginal_at, 0, 100) or 0.0
    if marginal_at > pass_at:
        raise SettingsUnclear("marginal_at", "Marginal begins below where it passes.")
    return Limits(pass_at=pass_at, marginal_at=marginal_at, weights=shares)


_SEQUENTIAL: Final = (
    "alpha",
    "beta",
    "floor",
    "times",
    "plus",
    "errors",
    "stable_samples",
    "must_pass",
)


def _sequential(said: object) -> Sequential | None:
    if said is None:
        return None
    if not isinstance(said, Mapping):
        raise SettingsUnclear("sequential", "The sequential test is an object, or null for none.")
    _known(said, set(_SEQUENTIAL), "The sequential test")
    plain = Sequential()

    def share(name: str) -> float:
        return _number(said, name, getattr(plain, name), 1e-6, 0.5) or plain.floor

    return Sequential(
        must_pass=said.get("must_pass", True) is True,
        alpha=share("alpha"),
        beta=share("beta"),
        floor=share("floor"),
        plus=share("plus"),
        times=_number(said, "times", plain.times, 1.1, 1000) or plain.times,
        errors=_whole(said, "errors", plain.errors, 1, 10_000),
        stable_samples=_whole(said, "stable_samples", plain.stable_samples, 1, 1_000_000),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "").replace("\0", "").strip()[:120]


def _name(said: Mapping[str, Any]) -> str:
    name = " ".join(str(said.get("name", "")).replace("\0", "").split())
    if not 1 <= len(name) <= 60:  # noqa: PLR2004 - what a row of a page holds
        raise SettingsUnclear("name", "Give the metric a name of at most 60 letters.")
    return name


def _source(said: Mapping[str, Any]) -> int:
    source = _whole(said, "source", 0, 0, 2**62)
    if source and not str(said.get("query", "")).strip():
        raise SettingsUnclear("query", "Which query shall be asked?")
    return source


def _query(said: Mapping[str, Any], name: str) -> str:
    text = str(said.get(name) or "").replace("\0", "").strip()
    if len(text) > MOST_QUERY:
        raise SettingsUnclear(name, f"A query has at most {MOST_QUERY} letters.")
    return text


def _groups(said: Mapping[str, Any]) -> tuple[str, ...]:
    groups = said.get("groups") or [""]
    if isinstance(groups, str) or not isinstance(groups, Sequence) or len(groups) > MOST_METRICS:
        raise SettingsUnclear("groups", "The groups are a list of names.")
    return tuple(dict.fromkeys(str(one).replace("\0", "").strip()[:60] for one in groups))


def _condition(said: Mapping[str, Any], name: str) -> conditions.Condition | None:
    try:
        return conditions.read(str(said.get(name) or ""))
    except ConditionError as error:
        reason = "Write a comparison and a number, such as < 0.05 or >= 99.9 %."
        raise SettingsUnclear(name, reason) from error


def _choice(said: Mapping[str, Any], name: str, plain: StrEnum, words: type[StrEnum]) -> str:
    word = said.get(name, plain.value)
    if word not in set(words):
        raise SettingsUnclear(name, f"Say one of {', '.join(words)}.")
    return str(word)


def _number(
    said: Mapping[str, Any], name: str, plain: float | None, least: float, most: float
) -> float | None:
    value = said.get(name, plain)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise SettingsUnclear(name, f"{name} is a number.")
    if not least <= value <= most:
        raise SettingsUnclear(name, f"{name} is from {least:g} to {most:g}.")
    return float(value)


def _whole(said: Mapping[str, Any], name: str, plain: int, least: int, most: int) -> int:
    value = said.get(name, plain)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsUnclear(name, f"{name} is a whole number from {least} to {most}.")
    return value


def _known(said: Mapping[str, Any], known: set[str], where: str) -> None:
    strange = sorted(set(map(str, said)) - known)
    if strange:
        raise SettingsUnclear(strange[0][:40], f"{where or 'It'} knows no {strange[0][:40]}.")


_METRIC: Final[dict[str, Callable[[Metric], Any]]] = {
    "name": lambda one: one.name,
    "kind": lambda one: one.kind.value,
    "source": lambda one: one.source_id,
    "query": lambda one: one.query,
    "stable_query": lambda one: one.stable_query,
    "interval": lambda one: one.interval_s,
    "window": lambda one: one.window_s,
    "delay": lambda one: one.delay_s,
    "groups": lambda one: list(one.groups),
    "dry_run": lambda one: one.is_dry_run,
    "direction": lambda one: one.rule.direction.value,
    "nan": lambda one: one.rule.nan.value,
    "outliers": lambda one: one.rule.outliers.value,
    "outlier_factor": lambda one: one.rule.outlier_factor,
    "critical": lambda one: one.rule.critical,
    "must_have_data": lambda one: one.rule.must_have_data,
    "samples": lambda one: one.rule.samples,
    "measure": lambda one: one.rule.effect.measure.value,
    "increase": lambda one: one.rule.effect.increase,
    "decrease": lambda one: one.rule.effect.decrease,
    "critical_increase": lambda one: one.rule.effect.critical_increase,
    "critical_decrease": lambda one: one.rule.effect.critical_decrease,
    "success": lambda one: str(one.conditions.success or ""),
    "failure": lambda one: str(one.conditions.failure or ""),
    "count": lambda one: one.counting.count,
    "failure_limit": lambda one: one.counting.failure_limit,
    "unclear_limit": lambda one: one.counting.unclear_limit,
    "error_limit": lambda one: one.counting.error_limit,
    "success_limit": lambda one: one.counting.success_limit,
    "least_successful": lambda one: one.counting.least_successful,
}
