"""Single measurements: what they are, how they are counted, and when that is enough."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.rollouts.logic.analysis import conditions, counting
from evenfall.rollouts.logic.analysis.conditions import ConditionError, Conditions, Phase
from evenfall.rollouts.logic.analysis.counting import RETRY, Counted, Counting, Standing
from evenfall.rollouts.logic.verdicts import Outcome

S, F, U, N, E = (
    Phase.SUCCESSFUL,
    Phase.FAILED,
    Phase.UNCLEAR,
    Phase.NO_VALUE,
    Phase.ERROR,
)
BELOW = conditions.read("< 0.05")
ABOVE = conditions.read("> 0.1")


def after(*phases: Phase, **settings: int) -> Standing:
    counted = Counted()
    for phase in phases:
        counted = counting.add(counted, phase)
    return counting.stand(counted, Counting(**settings), last=phases[-1])  # type: ignore[arg-type]


# conditions


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("< 0.05", 0.04, True),
        ("<=5%", 0.05, True),
        (">= 99.9 %", 0.9989, False),
        (" > 1e3 ", 1001, True),
        ("== 0", 0, True),
        ("!= 0", 0, False),
        (">-.5", 0, True),
    ],
)
def test_a_condition_is_a_comparison_and_a_number(text: str, value: float, holds: bool) -> None:
    condition = conditions.read(text)
    assert condition is not None
    assert condition.holds(value) is holds
    assert conditions.read(str(condition)) == condition


@pytest.mark.parametrize(
    "text", ["5", "< x", "__import__('os')", "< 1 or 1", "=< 3", "< 1e999", "< ٣"]
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ConditionError):
        conditions.read(text)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = conditions.read(text)
    except ConditionError:
        return
    assert found is None or conditions.read(str(found)) is not None


@pytest.mark.parametrize(
    ("value", "success", "failure", "phase"),
    [
        (0.01, BELOW, None, S),
        (0.2, BELOW, None, F),
        (0.2, None, ABOVE, F),
        (0.01, None, ABOVE, S),
        (0.07, BELOW, ABOVE, U),
        (0.2, conditions.read("> 0"), ABOVE, F),  # a failure wins
        (0.01, None, None, S),
        (None, None, None, N),
        (float("nan"), BELOW, None, N),
    ],
)
def test_what_a_measurement_is(
    value: float | None,
    success: conditions.Condition | None,
    failure: conditions.Condition | None,
    phase: Phase,
) -> None:
    both = Conditions(success=success, failure=failure)
    assert conditions.measured(value, both) is phase
    assert conditions.measured(value, both, problem="HTTP 503") is E


def test_an_empty_result_is_no_value_and_says_so_complaint_17() -> None:
    """argo-rollouts#1466: an empty Prometheus result gave an opaque error and aborted."""
    found = conditions.told(None, Conditions(success=BELOW))
    assert found.outcome is Outcome.NO_DATA
    assert found.reason == "There was no value."
    assert found.numbers == {}


def test_values_and_conditions_are_shown_complaint_19() -> None:
    """argo-rollouts#404, #2658: the reason and the values were not where people look."""
    found = conditions.told(0.2, Conditions(success=BELOW, failure=ABOVE))
    assert found.reason == "The value was 0.2, which it should not be."
    assert found.what_would_change == "A value < 0.05 succeeds, a value > 0.1 fails."
    assert found.numbers == {"value": 0.2}
    broken = conditions.told(None, Conditions(), problem="HTTP 503 from prometheus")
    assert broken.reason == "HTTP 503 from prometheus"
    assert broken.what_would_change == "Any value succeeds."


# counting


def test_a_limit_as_high_as_the_count_passes_nobody_complaint_18() -> None:
    """argo-rollouts#4479: Successful although every measurement errored or failed."""
    three = after(F, F, F, count=3, failure_limit=3)
    assert (three.outcome, three.is_over) == (Outcome.FAIL, True)
    assert after(*[E] * 9, count=3, error_limit=-1).outcome is Outcome.NO_DATA
    assert after(N, N, N, count=3, unclear_limit=3).outcome is Outcome.NO_DATA
    assert after(F, *[E] * 9, failure_limit=3, error_limit=-1).outcome is Outcome.NO_DATA
    mixed = after(S, F, F, count=3, failure_limit=2)
    assert mixed.outcome is Outcome.PASS
    assert after(S, F, F, count=3, failure_limit=2, least_successful=2).outcome is Outcome.FAIL


def test_more_failures_than_the_limit_fail_whatever_comes_after() -> None:
    failed = after(F, S, F)
    assert (failed.outcome, failed.is_over) == (Outcome.FAIL, True)
    assert failed.reason == "2 measurements failed; 0 may."
    assert after(F, *[E] * 9).outcome is Outcome.FAIL
    assert after(F, *[U] * 9).outcome is Outcome.FAIL
    endless = after(S, F, F, F, failure_limit=-1)
    assert endless.outcome is Outcome.PASS
    assert endless.what_would_change == "No number of failures fails it."


def test_it_holds_while_there_is_no_value_and_goes_on_when_there_is_complaint_16() -> None:
    """argo-rollouts#1905: pause when the metric has no value, resume when it has."""
    held = after(S, N, N, N, N)
    assert (held.outcome, held.is_over) == (Outcome.NO_DATA, False)
    assert after(S, U, U, U, U).outcome is Outcome.INCONCLUSIVE
    assert after(S, N, N, N, N, S).outcome is Outcome.PASS
    assert after(S, E, E, E, E, E).reason == "It could not be measured 5 times in a row."
    assert after(S, E, E, E, E, E, S).outcome is Outcome.PASS


def test_an_error_does_not_count_and_is_tried_again_soon() -> None:
    counted = counting.add(counting.add(Counted(), S), E)
    assert (counted.all, counted.error_row, counted.success_row) == (1, 1, 0)
    slow = Counting(interval=timedelta(minutes=5))
    assert counting.wait(E, slow) == RETRY
    assert counting.wait(N, slow) == timedelta(minutes=5)


def test_so_many_successes_in_a_row_are_enough() -> None:
    row = after(F, S, S, failure_limit=1, success_limit=2)
    assert (row.outcome, row.is_over) == (Outcome.PASS, True)
    never = {"count": 3, "success_limit": 3}
    assert after(S, F, S, failure_limit=1, **never).outcome is Outcome.INCONCLUSIVE
    assert after(S, F, S, failure_limit=-1, **never).outcome is Outcome.FAIL


def test_the_count_is_waited_for() -> None:
    part = after(S, count=3)
    assert (part.outcome, part.is_over) == (Outcome.NO_DATA, False)
    assert part.reason == "1 of 3 measurements were taken."
    whole = after(S, S, S, count=3)
    assert (whole.outcome, whole.is_over) == (Outcome.PASS, True)
    assert whole.what_would_change == "1 more failure would fail it."
    assert after(S).outcome is Outcome.PASS
    assert not after(S).is_over


@given(
    st.lists(st.sampled_from(Phase), min_size=1, max_size=12),
    st.builds(
        Counting,
        count=st.integers(0, 8),
        failure_limit=st.integers(-1, 8),
        unclear_limit=st.integers(-1, 4),
        error_limit=st.integers(-1, 4),
        success_limit=st.integers(0, 4),
    ),
)
def test_nothing_passes_without_a_success(phases: list[Phase], settings: Counting) -> None:
    counted = Counted()
    for phase in phases:
        counted = counting.add(counted, phase)
    found = counting.stand(counted, settings, last=phases[-1])
    assert found.outcome is not Outcome.PASS or S in phases
    assert found.reason
