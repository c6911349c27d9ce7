"""Budgets, burns and what is left."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.identity import NOW

from evenfall.slo.logic.policy import may_pass, state_after
from evenfall.slo.logic.spec import Policy
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.tallies import Part, Tally, burn, spent_of, summed, time_left

MONTH = timedelta(days=30)
UNKNOWN, OK, WARN, FROZEN = BudgetState


def part(bad: float, total: float, target: float = 0.999, weight: float = 1.0) -> Part:
    return Part(tally=Tally(total - bad, total), allowed=1 - target, weight=weight)


def test_no_data_is_unknown_and_never_all_good() -> None:
    assert Tally().error_ratio is None
    assert burn([part(0, 0)]) is None
    assert burn([]) is None
    assert spent_of([part(0, 0)], [100]) is None


def test_the_budget_of_a_thousand() -> None:
    """99.9 % of 1,000,000 leaves 1,000; 250 bad ones are a quarter of them."""
    assert burn([part(250, 1_000_000)]) == pytest.approx(0.25)
    assert burn([part(2_000, 1_000_000)]) == pytest.approx(2)


def test_against_the_traffic_that_is_expected_less_is_spent() -> None:
    assert spent_of([part(100, 100_000)], [1_000_000]) == pytest.approx(0.1)
    assert spent_of([part(100, 100_000)], [5]) == pytest.approx(1)


def test_burns_of_members_add_up_each_times_its_weight() -> None:
    parts = [part(10, 1000, 0.99), part(50, 1000, 0.9, weight=2), part(0, 0)]
    assert burn(parts) == pytest.approx(1 + 2 * 0.5)


@given(
    bad=st.floats(0, 1e6),
    good=st.floats(0, 1e6),
    target=st.floats(0, 0.99999),
)
def test_a_burn_is_between_nothing_and_a_full_outage(
    bad: float, good: float, target: float
) -> None:
    found = burn([part(bad, bad + good, target)])
    assert found is None or 0 <= found <= 1 / (1 - target) + 1e-6


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=20))
def test_sums_keep_what_they_were_made_of(pairs: list[tuple[int, int]]) -> None:
    tallies = [Tally(good, good + bad) for good, bad in pairs]
    whole = summed(tallies)
    assert whole.bad == sum(bad for _, bad in pairs)
    assert whole.without(whole) == Tally()
    assert whole.without(summed(tallies[:3])).total == sum(sum(pair) for pair in pairs[3:])


def test_how_long_the_rest_lasts() -> None:
    assert time_left(rest=0.5, burn_now=10, period=MONTH) == timedelta(days=1.5)
    assert time_left(rest=-0.1, burn_now=10, period=MONTH) == timedelta()
    assert time_left(rest=0.5, burn_now=0, period=MONTH) is None
    assert time_left(rest=0.5, burn_now=None, period=MONTH) is None
    assert time_left(rest=1, burn_now=1e-9, period=MONTH) is None


POLICY = Policy()


@pytest.mark.parametrize(
    ("before", "rest", "after"),
    [
        (UNKNOWN, 1.0, OK),
        (OK, 0.25, OK),
        (OK, 0.249, WARN),
        (WARN, 0.001, WARN),
        (WARN, 0.0, FROZEN),
        (OK, -3.0, FROZEN),
        (FROZEN, 0.05, FROZEN),
        (FROZEN, 0.0999, FROZEN),
        (FROZEN, 0.10, WARN),
        (FROZEN, 0.3, OK),
        (FROZEN, None, FROZEN),
        (OK, None, OK),
        (UNKNOWN, None, UNKNOWN),
    ],
)
def test_states_hold_until_enough_is_back(
    before: BudgetState, rest: float | None, after: BudgetState
) -> None:
    assert state_after(before, rest=rest, policy=POLICY) is after


def test_a_new_window_thaws() -> None:
    assert state_after(FROZEN, rest=0.05, policy=POLICY, is_new_window=True) is WARN
    assert state_after(FROZEN, rest=None, policy=POLICY, is_new_window=True) is UNKNOWN


@given(st.sampled_from(list(BudgetState)), st.floats(-5, 1))
def test_nothing_left_is_always_frozen(before: BudgetState, rest: float) -> None:
    found = state_after(before, rest=rest, policy=POLICY)
    assert (found is FROZEN) == (rest <= 1e-9 or (before is FROZEN and rest < 0.1 - 1e-9))


def test_a_frozen_budget_lets_pass_by_exception_only() -> None:
    assert may_pass(WARN, exception_until=None, now=NOW)
    assert not may_pass(FROZEN, exception_until=None, now=NOW)
    assert may_pass(FROZEN, exception_until=NOW + MONTH, now=NOW)
    assert not may_pass(FROZEN, exception_until=NOW, now=NOW)
