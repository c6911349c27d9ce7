"""What a comparison says, in words: the test, the effect, and what would have changed it."""

from math import isnan

from evenfall.rollouts.logic.analysis.findings import Finding, Lane, counted, figure
from evenfall.rollouts.logic.analysis.judging import (
    Direction,
    Judgement,
    Label,
    Measure,
    Rule,
)
from evenfall.rollouts.logic.analysis.rank import Shift
from evenfall.rollouts.logic.verdicts import Outcome

OUTCOMES = {
    Label.PASS: Outcome.PASS,
    Label.HIGH: Outcome.FAIL,
    Label.LOW: Outcome.FAIL,
    Label.NO_DATA_FAILS: Outcome.FAIL,
    Label.NO_DATA: Outcome.NO_DATA,
    Label.TOO_FEW: Outcome.NO_DATA,
}


def told(judgement: Judgement, rule: Rule) -> Finding:
    """The finding of the rank test for one metric."""
    return Finding(
        lane=Lane.RANK,
        outcome=OUTCOMES[judgement.label],
        reason=_reason(judgement, rule),
        what_would_change=_change(judgement, rule),
        numbers=_numbers(judgement),
    )


def _numbers(judgement: Judgement) -> dict[str, float]:
    """NaN has no place in JSON: an effect that is not known is left out."""
    sides, shift = judgement.sides, judgement.shift
    numbers: dict[str, float] = {
        "samples": len(sides.canary),
        "baseline_samples": len(sides.baseline),
    }
    if not isnan(judgement.effect):
        numbers["effect"] = judgement.effect
    if shift is not None:
        numbers |= {
            "statistic": shift.statistic,
            "p_value": shift.p_value,
            "estimate": shift.estimate,
            "lower": shift.lower,
            "upper": shift.upper,
            "band": judgement.band,
            "cles": shift.cles,
        }
    return numbers


def _reason(judgement: Judgement, rule: Rule) -> str:
    if judgement.sides.least < rule.samples:
        return _too_few(judgement, rule)
    if judgement.shift is None:
        return "Both sides have the same values."
    return f"{_shift(judgement.shift)} {_meaning(judgement, rule)}"


def _too_few(judgement: Judgement, rule: Rule) -> str:
    ours, theirs = len(judgement.sides.canary), len(judgement.sides.baseline)
    if ours and theirs:
        return (
            f"There are {ours} values of the new side and {theirs} of the other;"
            f" {rule.samples} of each are needed."
        )
    if not ours and not theirs:
        return "Neither side has values."
    return f"The {'other' if ours else 'new'} side has no values."


def _shift(shift: Shift) -> str:
    way = "higher" if shift.estimate >= 0 else "lower"
    low, high = sorted((shift.lower, shift.upper))
    return (
        f"The new side is {figure(abs(shift.estimate))} {way}, with 98 % certainty between"
        f" {figure(low)} and {figure(high)} (p = {figure(shift.p_value)});"
        f" it is higher in {shift.cles * 100:.0f} % of all pairs."
    )


def _meaning(judgement: Judgement, rule: Rule) -> str:
    if judgement.label is Label.PASS and _is_off(judgement, rule):
        return f"The effect of {figure(judgement.effect)} is small enough to allow."
    if judgement.label is Label.PASS:
        return "That may be chance, or the better way."
    beyond = " It went beyond what is critical." if judgement.is_critical_failure else ""
    return f"That is worse.{beyond}"


def _is_off(judgement: Judgement, rule: Rule) -> bool:
    shift = judgement.shift
    if shift is None:
        return False
    high = rule.direction is not Direction.DECREASE and shift.lower > judgement.band
    low = rule.direction is not Direction.INCREASE and shift.upper < -judgement.band
    return high or low


def _change(judgement: Judgement, rule: Rule) -> str:
    missing = rule.samples - judgement.sides.least
    if missing > 0:
        values = counted(missing, "more value")
        return f"{values} of the side that has fewer would let it speak."
    if judgement.shift is None:
        return "The values would have to differ between the sides."
    if _is_off(judgement, rule):
        return _effect_needed(judgement, rule)
    band = figure(judgement.band)
    return _TO_FAIL[rule.direction].format(band=band)


_TO_FAIL = {
    Direction.INCREASE: "The lower end of the interval would have to be above {band} to fail it.",
    Direction.DECREASE: "The upper end of the interval would have to be below -{band} to fail it.",
    Direction.EITHER: "The interval would have to leave ±{band} to fail it.",
}


def _effect_needed(judgement: Judgement, rule: Rule) -> str:
    """The interval left the band already: what decides is the size of the effect."""
    is_high = judgement.shift is not None and judgement.shift.estimate > 0
    limit = rule.effect.limit(rule.effect.increase if is_high else rule.effect.decrease)
    names = {Measure.MEAN_RATIO: "ratio of the means", Measure.CLES: "share of pairs"}
    name, side = names[rule.effect.measure], ("below" if is_high else "above")
    now = "unknown" if isnan(judgement.effect) else figure(judgement.effect)
    if judgement.label is Label.PASS:
        return f"The {name} is {now}; {figure(limit)} would fail it."
    band = figure(judgement.band)
    return (
        f"An interval that reaches into ±{band} would pass, or a {name} {side} {figure(limit)};"
        f" it is {now}."
    )
