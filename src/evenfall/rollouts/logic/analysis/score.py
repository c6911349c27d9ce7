"""How the metrics of a comparison add up to one score, 0 to 100, and what it decides.

Kayenta's score: each group is the share of its metrics that pass, groups have weights; a critical
metric that does not pass makes it 0, and so does no data for half of the metrics. There is a score
after each interval: one below marginal fails at once, and nothing goes on before one reaches pass.
What no data made is no failure here: it holds and asks.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from evenfall.rollouts.logic.analysis.findings import counted, figure
from evenfall.rollouts.logic.analysis.judging import Label
from evenfall.rollouts.logic.verdicts import Outcome

HALF = 0.5
WHOLE = 100.0


class Limits(Struct, frozen=True, kw_only=True):
    """`weights` are percents by group; groups without one share what is left to 100."""

    pass_at: float = 95.0
    marginal_at: float = 75.0
    weights: Mapping[str, float] = field(default_factory=dict)


class Marked(Struct, frozen=True, kw_only=True):
    """What one metric brings to the score. A dry run brings nothing."""

    name: str
    label: Label
    groups: tuple[str, ...] = ("",)
    critical: bool = False
    is_critical_failure: bool = False
    is_dry_run: bool = False

    @property
    def has_data(self) -> bool:
        return self.label not in {Label.NO_DATA, Label.TOO_FEW}


class GroupScore(Struct, frozen=True, kw_only=True):
    """`points` are what it brings: score * weight / 100. Without data it counts as 100."""

    name: str
    score: float
    weight: float
    passed: int
    judged: int

    @property
    def points(self) -> float:
        return self.score * self.weight / WHOLE


class Score(Struct, frozen=True, kw_only=True):
    """`value` is rounded to two places, as it is compared with the limits."""

    value: float
    groups: tuple[GroupScore, ...]
    outcome: Outcome
    reason: str
    what_would_change: str


def score(metrics: Sequence[Marked], limits: Limits) -> Score | None:
    """Add up what counts; None where nothing does."""
    counting = [metric for metric in metrics if not metric.is_dry_run]
    if not counting:
        return None
    groups = _groups(counting, limits.weights)
    zero = _zero(counting)
    value = 0.0 if zero else round(sum(group.points for group in groups), 2)
    outcome, reason = zero or _outcome(value, groups, limits)
    return Score(
        value=value,
        groups=groups,
        outcome=outcome,
        reason=reason,
        what_would_change=_change(counting, value, limits, outcome),
    )


def _zero(metrics: Sequence[Marked]) -> tuple[Outcome, str] | None:
    """Why the score is 0 whatever it adds up to, if it is."""
    failed = [one for one in metrics if one.is_critical_failure]
    if failed:
        return Outcome.FAIL, f"Critical and failed: {_names(failed)}."
    silent = [one for one in metrics if not one.has_data]
    if len(silent) >= HALF * len(metrics):
        of_all = counted(len(metrics), "metric")
        return Outcome.NO_DATA, f"Too little data for {len(silent)} of {of_all}."
    unknown = [one for one in silent if one.critical]
    if unknown:
        return Outcome.NO_DATA, f"Critical and with too little data: {_names(unknown)}."
    return None


def _groups(metrics: Sequence[Marked], weights: Mapping[str, float]) -> tuple[GroupScore, ...]:
    names = sorted({name for metric in metrics for name in metric.groups})
    free = [name for name in names if name not in weights]
    left = max(WHOLE - sum(weights.get(name, 0.0) for name in names), 0.0)
    share = left / len(free) if free else 0.0
    return tuple(_group(name, metrics, weights.get(name, share)) for name in names)


def _group(name: str, metrics: Sequence[Marked], weight: float) -> GroupScore:
    judged = [one for one in metrics if name in one.groups and one.has_data]
    passed = sum(one.label is Label.PASS for one in judged)
    value = WHOLE * passed / len(judged) if judged else WHOLE
    return GroupScore(name=name, score=value, weight=weight, passed=passed, judged=len(judged))


def _outcome(value: float, groups: Sequence[GroupScore], limits: Limits) -> tuple[Outcome, str]:
    told = f"The score is {figure(value)}"
    if value < limits.marginal_at:
        return Outcome.FAIL, f"{told}, below {figure(limits.marginal_at)}, where marginal begins."
    if value < limits.pass_at:
        return Outcome.INCONCLUSIVE, f"{told}: marginal. It passes at {figure(limits.pass_at)}."
    silent = [group.name or "the metrics" for group in groups if not group.judged]
    if silent:
        return Outcome.NO_DATA, f"{told}, but nothing is known of {', '.join(silent)}."
    return Outcome.PASS, f"{told}. It passes at {figure(limits.pass_at)}."


def _change(metrics: Sequence[Marked], value: float, limits: Limits, outcome: Outcome) -> str:
    worse = [one for one in metrics if one.has_data and one.label is not Label.PASS]
    if outcome is Outcome.PASS:
        room = figure(round(value - limits.pass_at, 2))
        return f"It passes until it loses more than {room} points."
    if worse:
        return f"It would be higher if these passed: {_names(worse)}."
    return f"Data would decide it: {_names([one for one in metrics if not one.has_data])}."


def _names(metrics: Sequence[Marked]) -> str:
    return ", ".join(metric.name for metric in metrics)
