"""One metric of both sides: what is worse, what is not known, and what says so."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.rollouts.logic.analysis import judging, samples, telling
from evenfall.rollouts.logic.analysis.judging import (
    Direction,
    Effect,
    Judgement,
    Label,
    Measure,
    Rule,
    judge,
)
from evenfall.rollouts.logic.analysis.samples import NanStrategy, Outliers
from evenfall.rollouts.logic.verdicts import Outcome

DICE = random.Random(20261122)
BASE = [DICE.gauss(100, 10) for _ in range(60)]
SAME = [DICE.gauss(100, 10) for _ in range(60)]
SLOW = [value * 1.5 for value in SAME]
FAST = [value * 0.5 for value in SAME]
RULE = Rule()
VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=12)


def reason(judgement: Judgement, rule: Rule = RULE) -> str:
    return telling.told(judgement, rule).reason


def change(judgement: Judgement, rule: Rule = RULE) -> str:
    return telling.told(judgement, rule).what_would_change


def test_the_same_is_a_pass_and_what_is_slower_is_high() -> None:
    assert judge(SAME, BASE, RULE).label is Label.PASS
    found = judge(SLOW, BASE, RULE)
    assert found.label is Label.HIGH
    assert found.effect == pytest.approx(1.5, rel=0.05)
    assert found.shift is not None
    assert found.shift.lower > found.band
    assert "That is worse." in reason(found)
    assert telling.told(found, RULE).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("direction", "values", "label"),
    [
        (Direction.INCREASE, FAST, Label.PASS),
        (Direction.DECREASE, FAST, Label.LOW),
        (Direction.DECREASE, SLOW, Label.PASS),
        (Direction.EITHER, FAST, Label.LOW),
        (Direction.EITHER, SLOW, Label.HIGH),
    ],
)
def test_only_the_way_that_is_worse_counts(
    direction: Direction, values: list[float], label: Label
) -> None:
    rule = Rule(direction=direction)
    assert judge(values, BASE, rule).label is label
    assert judge(BASE, BASE, rule).label is Label.PASS


def test_an_effect_that_is_small_enough_is_allowed() -> None:
    rule = Rule(direction=Direction.EITHER, effect=Effect(increase=1.6, decrease=0.4))
    high, low = judge(SLOW, BASE, rule), judge(FAST, BASE, rule)
    assert (high.label, low.label) == (Label.PASS, Label.PASS)
    assert "is small enough to allow" in reason(high, rule)
    assert change(high, rule).endswith("1.6 would fail it.")
    assert change(low, rule).endswith("0.4 would fail it.")


def test_the_common_language_effect_size() -> None:
    rule = Rule(effect=Effect(measure=Measure.CLES, increase=0.9))
    found = judge(SLOW, BASE, rule)
    assert found.label is Label.HIGH
    assert found.effect > 0.95
    assert "a share of pairs below 0.9" in change(found, rule)


def test_an_effect_that_is_not_known_excuses_nothing() -> None:
    """The ratio of the means does not exist where a mean is 0: the interval decides alone."""
    rule = Rule(critical=True, effect=Effect(increase=2.0, critical_increase=2.0))
    found = judge(SLOW, [0.0] * 60, rule)
    assert math.isnan(found.effect)
    assert (found.label, found.is_critical_failure) == (Label.HIGH, True)
    assert "it is unknown" in change(found, rule)
    assert "effect" not in telling.told(found, rule).numbers
    assert "It went beyond what is critical." in reason(found, rule)


def test_a_critical_metric_fails_only_beyond_what_is_critical() -> None:
    effect = Effect(critical_increase=2.0, critical_decrease=0.3)
    rule = Rule(critical=True, direction=Direction.EITHER, effect=effect)
    for values, expected in ((SLOW, False), (FAST, False), (SAME, False)):
        assert judge(values, BASE, rule).is_critical_failure is expected
    for values in ([value * 3 for value in SAME], [value * 0.1 for value in SAME]):
        assert judge(values, BASE, rule).is_critical_failure


def test_too_few_points_never_pass_nor_fail_complaint_36() -> None:
    """spinnaker/kayenta#633: a deviation of 650 % passed, because there were too few points."""
    found = judge([750.0] * 49, [100.0] * 60, RULE)
    assert found.label is Label.TOO_FEW
    assert not found.has_data
    told = telling.told(found, RULE)
    assert told.outcome is Outcome.NO_DATA
    assert told.reason.startswith("There are 49 values of the new side and 60 of the other; 50")
    assert told.what_would_change.startswith("1 more value ")
    assert judge([750.0] * 50, [100.0] * 60, RULE).label is Label.HIGH


def test_a_baseline_without_errors_does_not_pass_a_canary_with_them_complaint_37() -> None:
    """spinnaker/kayenta#377: the baseline had no errors, so no values, and the canary passed."""
    rule = Rule(nan=NanStrategy.REPLACE)
    failing = [float(DICE.randint(1, 9)) for _ in range(60)]
    for baseline in ([], [None] * 60, [math.nan] * 60):
        found = judge(failing, baseline, rule)
        assert found.label is Label.HIGH
        assert found.sides.baseline == (0.0,) * 60
    for idle in ([], [None] * 60):  # it may have had no errors, or no requests: nobody knows
        assert judge(idle, failing, rule).label is Label.NO_DATA
    assert judge([0.0, *[None] * 60], failing, rule).label is Label.PASS
    assert judge(failing, [None] * 60, RULE).label is Label.NO_DATA
    assert judge([], [], rule).label is Label.NO_DATA


def test_a_side_without_values_is_no_data_complaint_27() -> None:
    """flagger#1035, #1011: without traffic it neither fails nor advances."""
    found = judge([], BASE, RULE)
    assert found.label is Label.NO_DATA
    assert telling.told(found, RULE).outcome is Outcome.NO_DATA
    assert reason(found) == "The new side has no values."
    assert reason(judge(BASE, [], RULE)) == "The other side has no values."
    assert reason(judge([], [], RULE)) == "Neither side has values."
    assert "50 more values" in change(found)


def test_data_that_must_be_there() -> None:
    must = Rule(must_have_data=True)
    found = judge([], BASE, must)
    assert (found.label, found.is_worse) == (Label.NO_DATA_FAILS, True)
    assert telling.told(found, must).outcome is Outcome.FAIL
    critical = judge([], BASE, Rule(must_have_data=True, critical=True))
    assert (critical.label, critical.is_critical_failure) == (Label.NO_DATA, True)
    assert not judge([], BASE, Rule(critical=True)).is_critical_failure


def test_constants() -> None:
    assert judge([5.0] * 50, [5.0] * 60, RULE).label is Label.PASS
    different = judge([6.0] * 50, [5.0] * 60, RULE)
    assert different.label is Label.HIGH
    assert different == judge([6.0] * 50, [5.0] * 60, RULE)  # the same each time
    assert judge([0.0] * 50, [5.0] * 60, RULE).label is Label.PASS
    assert judge([5.0] * 50, [0.0] * 60, RULE).label is Label.HIGH
    assert reason(judge([5.0] * 50, [5.0] * 60, RULE)) == "Both sides have the same values."
    assert change(judge(BASE, BASE, RULE)).startswith("The values would have to differ")


@pytest.mark.parametrize(
    ("direction", "text"),
    [
        (Direction.INCREASE, "The lower end of the interval would have to be above"),
        (Direction.DECREASE, "The upper end of the interval would have to be below -"),
        (Direction.EITHER, "The interval would have to leave ±"),
    ],
)
def test_what_would_change_a_pass(direction: Direction, text: str) -> None:
    rule = Rule(direction=direction)
    assert change(judge(SAME, BASE, rule), rule).startswith(text)


def test_far_values_are_left_out_only_where_asked() -> None:
    far = [*SAME, 1e6, -1e6]
    kept = judge(far, BASE, RULE)
    cut = judge(far, BASE, Rule(outliers=Outliers.REMOVE))
    assert (len(kept.sides.canary), max(cut.sides.canary)) == (62, max(SAME))
    assert samples.within_fences([], 3.0) == []


def test_the_fences_are_those_of_the_judge() -> None:
    """min(P1, Q1 - 3 IQR) to max(P99, Q3 + 3 IQR): of 0..100 with a far point."""
    values = [float(value) for value in range(101)]
    assert samples.within_fences([*values, 227.0], 3.0) == [*values, 227.0]
    assert samples.within_fences([*values, 228.0], 3.0) == values


@given(VALUES, VALUES, st.sampled_from(NanStrategy), st.booleans(), st.booleans())
def test_never_a_pass_below_the_minimum(
    canary: list[float | None],
    baseline: list[float | None],
    nan: NanStrategy,
    critical: bool,
    must: bool,
) -> None:
    rule = Rule(nan=nan, critical=critical, must_have_data=must)
    assert judge(canary, baseline, rule).label is not Label.PASS


@given(VALUES, VALUES, st.sampled_from(Direction), st.sampled_from(Measure))
def test_whatever_comes_there_is_an_answer_in_words(
    canary: list[float | None],
    baseline: list[float | None],
    direction: Direction,
    measure: Measure,
) -> None:
    rule = Rule(direction=direction, effect=Effect(measure=measure), samples=2)
    found = judge(canary, baseline, rule)
    told = telling.told(found, rule)
    assert told.reason
    assert told.what_would_change
    assert all(math.isfinite(number) for number in told.numbers.values())
    assert judge(canary, baseline, rule) == found or math.isnan(found.effect)


def test_without_a_shift_nothing_is_off() -> None:
    alike = judge(BASE, BASE, RULE)
    assert not telling._is_off(alike, RULE)
    assert alike.band == 0
    assert (
        judging.NEUTRAL[Measure.CLES]
        == judge(BASE, BASE, Rule(effect=Effect(measure=Measure.CLES))).effect
    )
