"""One metric of both sides: higher, lower or neither, as the judge of Kayenta tells them apart.

Its rules (NetflixACAJudge 1.0) are kept but for four, which let bad versions through:
a side without values is never a pass; where no value means no errors, a baseline without any
counts as zeros; too few values are no verdict; noise is the same each time.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import nan
from statistics import fmean

from msgspec import Struct, field

from evenfall.rollouts.logic.analysis import samples as clean
from evenfall.rollouts.logic.analysis.rank import CONFIDENCE, Shift, compare
from evenfall.rollouts.logic.analysis.samples import NanStrategy, Outliers

BAND = 0.25
"""An interval that keeps away from 0 by less than this share of the shift does not count."""


class Direction(StrEnum):
    """Which way is worse."""

    INCREASE = "increase"
    DECREASE = "decrease"
    EITHER = "either"


class Measure(StrEnum):
    """How large an effect is: the ratio of the means, or how often the new side is higher."""

    MEAN_RATIO = "mean_ratio"
    CLES = "cles"


NEUTRAL = {Measure.MEAN_RATIO: 1.0, Measure.CLES: 0.5}


class Label(StrEnum):
    """What a metric says; the values are stored."""

    PASS = "pass"  # noqa: S105 - a word of verdicts
    HIGH = "high"
    LOW = "low"
    NO_DATA = "no_data"
    NO_DATA_FAILS = "no_data_fails"
    TOO_FEW = "too_few"


class Effect(Struct, frozen=True, kw_only=True):
    """How large an effect must be to count; None is the neutral value of the measure."""

    measure: Measure = Measure.MEAN_RATIO
    increase: float | None = None
    decrease: float | None = None
    critical_increase: float | None = None
    critical_decrease: float | None = None

    def limit(self, value: float | None) -> float:
        return NEUTRAL[self.measure] if value is None else value


class Rule(Struct, frozen=True, kw_only=True):
    """How one metric is compared. `samples`: fewer values of a side are no verdict."""

    direction: Direction = Direction.INCREASE
    nan: NanStrategy = NanStrategy.REMOVE
    outliers: Outliers = Outliers.KEEP
    outlier_factor: float = 3.0
    critical: bool = False
    must_have_data: bool = False
    effect: Effect = field(default_factory=Effect)
    samples: int = 50


class Sides(Struct, frozen=True, kw_only=True):
    """The values that were compared."""

    canary: tuple[float, ...]
    baseline: tuple[float, ...]

    @property
    def least(self) -> int:
        return min(len(self.canary), len(self.baseline))


class Judgement(Struct, frozen=True, kw_only=True):
    """What a metric says. `shift` is None where nothing was tested; `effect` is NaN where a mean
    is 0; `band` is how far the interval must keep away from 0.
    """

    label: Label
    sides: Sides
    shift: Shift | None = None
    effect: float = nan
    is_critical_failure: bool = False

    @property
    def band(self) -> float:
        return BAND * abs(self.shift.estimate) if self.shift else 0.0

    @property
    def is_worse(self) -> bool:
        return self.label in {Label.HIGH, Label.LOW, Label.NO_DATA_FAILS}

    @property
    def has_data(self) -> bool:
        return self.label not in {Label.NO_DATA, Label.TOO_FEW}


def judge(
    canary: Sequence[float | None], baseline: Sequence[float | None], rule: Rule
) -> Judgement:
    """Compare a metric of the new side with that of the stable one, or of a baseline beside it."""
    sides = _sides(canary, baseline, rule)
    if not sides.least:
        return _without_data(sides, rule)
    if sides.least < rule.samples:
        return Judgement(label=Label.TOO_FEW, sides=sides)
    if _are_alike(sides):
        return Judgement(label=Label.PASS, sides=sides, effect=NEUTRAL[rule.effect.measure])
    return _compared(sides, rule)


def effect_of(sides: Sides, shift: Shift, measure: Measure) -> float:
    """The size of the effect; NaN for a ratio of which one mean is 0."""
    if measure is Measure.CLES:
        return shift.cles
    ours, theirs = fmean(sides.canary), fmean(sides.baseline)
    return ours / theirs if ours and theirs else nan


def _sides(canary: Sequence[float | None], baseline: Sequence[float | None], rule: Rule) -> Sides:
    ours, theirs = clean.cleaned(canary, rule.nan), clean.cleaned(baseline, rule.nan)
    theirs = clean.baseline_beside(ours, theirs, rule.nan)
    if rule.outliers is Outliers.REMOVE:
        ours = clean.within_fences(ours, rule.outlier_factor)
        theirs = clean.within_fences(theirs, rule.outlier_factor)
    return Sides(canary=tuple(ours), baseline=tuple(theirs))


def _without_data(sides: Sides, rule: Rule) -> Judgement:
    fails = rule.must_have_data and not rule.critical
    return Judgement(
        label=Label.NO_DATA_FAILS if fails else Label.NO_DATA,
        sides=sides,
        is_critical_failure=rule.critical and rule.must_have_data,  # else it holds and asks
    )


def _are_alike(sides: Sides) -> bool:
    return (
        sorted(sides.canary) == sorted(sides.baseline) or len({*sides.canary, *sides.baseline}) == 1
    )


def _compared(sides: Sides, rule: Rule) -> Judgement:
    ours, theirs = list(sides.canary), list(sides.baseline)
    if len({*ours}) == 1 and len({*theirs}) == 1:
        ours, theirs = clean.spread_out(ours), clean.spread_out(theirs)
    shift = compare(ours, theirs, confidence=CONFIDENCE)
    effect = effect_of(sides, shift, rule.effect.measure)
    label = _label(shift, effect, rule)
    return Judgement(
        label=label,
        sides=sides,
        shift=shift,
        effect=effect,
        is_critical_failure=rule.critical and _is_critical(label, effect, rule.effect),
    )


def _label(shift: Shift, effect: float, rule: Rule) -> Label:
    band = BAND * abs(shift.estimate)
    if rule.direction is not Direction.DECREASE and shift.lower > band:
        return Label.PASS if effect < rule.effect.limit(rule.effect.increase) else Label.HIGH
    if rule.direction is not Direction.INCREASE and shift.upper < -band:
        return Label.PASS if effect > rule.effect.limit(rule.effect.decrease) else Label.LOW
    return Label.PASS


def _is_critical(label: Label, effect: float, rule: Effect) -> bool:
    """Whether it went beyond what may be; an effect that is not known (NaN) does not excuse it."""
    if label is Label.HIGH:
        return not effect < rule.limit(rule.critical_increase)
    if label is Label.LOW:
        return not effect > rule.limit(rule.critical_decrease)
    return False
