"""The lanes that look at counts: they speak early, they speak truly, and they say why."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from evenfall.rollouts.logic.analysis import burn, guard, sprt
from evenfall.rollouts.logic.analysis.burn import Burn
from evenfall.rollouts.logic.analysis.findings import NOTHING, Finding, figure
from evenfall.rollouts.logic.analysis.sprt import Sequential, SequentialState
from evenfall.rollouts.logic.guard import Counts, Reading
from evenfall.rollouts.logic.plan import Guard
from evenfall.rollouts.logic.verdicts import Outcome

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEST = Sequential()


def counts(errors: int, requests: int) -> Counts:
    return Counts(errors=errors, requests=requests)


COUNTS = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda two: counts(min(two), max(two))
)


def seconds(
    dice: random.Random, *, canary: tuple[int, float], stable: tuple[int, float], last: int
) -> Iterator[tuple[Counts, Counts]]:
    """What a second brings: requests and error rate of both sides."""
    for _ in range(last):
        yield thrown(dice, *canary), thrown(dice, *stable)


def thrown(dice: random.Random, requests: int, rate: float) -> Counts:
    return counts(dice.binomialvariate(requests, rate), requests)


def first_fail(ticks: Iterator[tuple[Counts, Counts]], state: SequentialState) -> int | None:
    """In which second the sequential test fails the new side."""
    for second, (new, old) in enumerate(ticks, start=1):
        state, finding = sprt.look(state, canary=new, stable=old, test=TEST)
        if finding.outcome is Outcome.FAIL:
            return second
    return None


# the sequential test


@pytest.mark.parametrize("rate", [1.0, 0.5, 0.3])
def test_a_burst_of_errors_at_20_requests_a_second_fails_within_three_seconds(rate: float) -> None:
    for seed in range(50):
        ticks = seconds(random.Random(seed), canary=(20, rate), stable=(180, 0.001), last=5)
        found = first_fail(ticks, SequentialState())
        assert found is not None
        assert found <= 3


def test_two_percent_of_errors_at_low_traffic_fail_while_the_stable_side_has_few() -> None:
    """2 requests a second on the new side, 18 on the other with 0.1 %."""
    found = [
        first_fail(
            seconds(random.Random(seed), canary=(2, 0.02), stable=(18, 0.001), last=1200),
            SequentialState(),
        )
        for seed in range(40)
    ]
    late = sorted(second or 9999 for second in found)
    assert late[len(late) // 2] < 300
    assert late[-4] < 1200  # nine in ten


@pytest.mark.parametrize(("stable", "canary"), [(0.0, 0.0), (0.001, 0.001), (0.01, 0.01)])
def test_a_good_version_is_hardly_ever_failed(stable: float, canary: float) -> None:
    """So many rollouts of ten minutes with the same rate on both sides; alpha is 1 in 1000."""
    alarms = sum(
        first_fail(
            seconds(random.Random(seed), canary=(20, canary), stable=(180, stable), last=600),
            SequentialState(),
        )
        is not None
        for seed in range(150)
    )
    assert alarms <= 1


def test_an_outage_that_both_sides_share_is_not_blamed_on_the_new_one() -> None:
    healthy = SequentialState(ever=counts(10, 10_000))
    ticks = seconds(random.Random(1), canary=(20, 0.4), stable=(180, 0.4), last=300)
    assert first_fail(ticks, healthy) is None


def test_an_hour_without_errors_does_not_have_to_be_made_up_for() -> None:
    state = SequentialState()
    for _ in range(3600):
        state, _ = sprt.look(state, canary=counts(0, 20), stable=counts(0, 180), test=TEST)
    assert state.passed > 50
    state, finding = sprt.look(state, canary=counts(10, 20), stable=counts(0, 180), test=TEST)
    assert finding.outcome is Outcome.FAIL


def test_nothing_is_said_while_the_stable_side_has_too_few() -> None:
    state, finding = sprt.look(
        SequentialState(), canary=counts(20, 20), stable=counts(0, 10), test=TEST
    )
    assert finding.outcome is Outcome.NO_DATA
    assert finding.what_would_change.startswith("40 more requests on the stable side")
    assert state.canary == counts(20, 20)  # they count as soon as there is something to compare


def test_one_error_alone_never_fails() -> None:
    state = SequentialState(ever=counts(0, 1_000_000))
    _, finding = sprt.look(state, canary=counts(2, 2), stable=counts(0, 1), test=TEST)
    assert finding.outcome is Outcome.NO_DATA
    assert "2 of 2 requests failed on the new side" in finding.reason


def test_a_stable_side_that_always_fails_can_not_be_beaten() -> None:
    state = SequentialState(ever=counts(5000, 5000))
    _, finding = sprt.look(state, canary=counts(20, 20), stable=counts(50, 50), test=TEST)
    assert finding.outcome is not Outcome.FAIL
    assert finding.numbers["p1"] < 1


@given(COUNTS, COUNTS, st.integers(1, 30))
def test_what_would_change_it_changes_it(canary: Counts, stable: Counts, round_: int) -> None:
    """The numbers that are told are the very ones at which it would have been otherwise."""
    state = SequentialState(round=round_, canary=canary, ever=stable)
    if stable.requests < TEST.stable_samples:
        return
    rates = sprt.rates_of(state, TEST)
    _, now = sprt.look(state, canary=Counts(), stable=Counts(), test=TEST)
    if now.outcome is Outcome.FAIL:
        most = sprt.most_errors(canary.requests, rates, TEST)
        assert most < canary.errors
        better = SequentialState(round=round_, canary=counts(most, canary.requests), ever=stable)
        _, then = sprt.look(better, canary=Counts(), stable=Counts(), test=TEST)
        assert then.outcome is not Outcome.FAIL
    else:
        more = sprt.errors_to_fail(canary, rates, TEST)
        _, then = sprt.look(state, canary=counts(more, more), stable=Counts(), test=TEST)
        assert then.outcome is Outcome.FAIL


@given(COUNTS, COUNTS)
def test_so_many_good_requests_end_the_round(canary: Counts, stable: Counts) -> None:
    state = SequentialState(canary=canary, ever=stable)
    if stable.requests < TEST.stable_samples:
        return
    after, now = sprt.look(state, canary=Counts(), stable=Counts(), test=TEST)
    if now.outcome is Outcome.FAIL or after.passed:
        return
    clean = sprt.requests_to_pass(canary, sprt.rates_of(state, TEST))
    after, then = sprt.look(state, canary=counts(0, clean), stable=Counts(), test=TEST)
    assert (after.passed, then.outcome) == (1, Outcome.PASS)
    after, then = sprt.look(after, canary=counts(0, 1), stable=Counts(), test=TEST)
    assert then.outcome is Outcome.PASS
    assert "1 round passed" in then.reason


@pytest.mark.parametrize(("errors", "requests"), [(0, 60), (1, 60), (3, 500), (50, 100), (9, 9)])
def test_the_upper_bound_is_that_of_scipy(errors: int, requests: int) -> None:
    interval = binomtest(errors, requests).proportion_ci(0.8, method="wilson")
    assert sprt.upper_bound(counts(errors, requests)) == pytest.approx(interval.high)


def test_nothing_bounds_the_rate_of_nothing() -> None:
    assert sprt.upper_bound(Counts()) == 1.0


# the burn


def burned(long: Counts, short: Counts | None = None, *, target: float = 0.999) -> Finding:
    return burn.look(long, short or long, Burn(target=target))


def test_burning_as_fast_as_the_page_that_comes_at_once_fails() -> None:
    finding = burned(counts(15, 1000))
    assert finding.outcome is Outcome.FAIL
    assert finding.numbers["burn"] == pytest.approx(15)
    assert finding.what_would_change == (
        "With at most 14 errors in 1000 requests it would not have failed."
    )
    assert burned(counts(14, 1000)).outcome is Outcome.PASS
    assert burned(counts(14, 1000)).what_would_change.startswith("1 more error in")


def test_what_burned_long_ago_does_not_fail_now() -> None:
    assert burned(counts(50, 1000), counts(0, 500)).outcome is Outcome.PASS
    assert burned(counts(50, 1000), Counts()).outcome is Outcome.PASS


def test_few_requests_or_few_errors_are_no_burn() -> None:
    assert burned(counts(40, 49)).outcome is Outcome.NO_DATA
    assert burned(counts(40, 49)).what_would_change == "1 more request would let it speak."
    assert burned(counts(2, 60)).outcome is Outcome.PASS


@pytest.mark.parametrize("target", [0.0, 0.9, 0.95])
def test_a_factor_that_could_never_be_reached_is_lowered(target: float) -> None:
    assert burned(counts(100, 100), target=target).outcome is Outcome.FAIL


@given(COUNTS, st.floats(0, 0.9999))
def test_with_as_few_errors_as_are_told_it_does_not_burn(long: Counts, target: float) -> None:
    now = burned(long, target=target)
    if now.outcome is Outcome.FAIL:
        most = int(now.what_would_change.split()[3])
        assert burned(counts(most, long.requests), target=target).outcome is Outcome.PASS


# the guard


def guarded(*new: Counts, stable: Counts = NOTHING) -> Finding:
    readings = [
        Reading(at=NOW - timedelta(seconds=ago), new=one, stable=stable)
        for ago, one in zip(reversed(range(len(new))), new, strict=True)
    ]
    return guard.look(Guard(), readings, now=NOW)


def test_the_guard_says_what_would_have_kept_it_quiet() -> None:
    finding = guarded(counts(0, 60), counts(20, 40))
    assert finding.outcome is Outcome.FAIL
    assert finding.what_would_change == "5 errors in 100 requests are within the 5 % that may fail."
    assert finding.numbers["limit"] == 0.05


def test_the_guard_says_how_much_is_missing() -> None:
    assert guarded(counts(1, 12)).what_would_change == "8 more requests would let it speak."
    quiet = guarded(counts(1, 40))
    assert quiet.outcome is Outcome.PASS
    assert quiet.what_would_change == "2 more errors in these 40 requests would fail it."


def test_the_guard_blames_no_outage_that_both_sides_share() -> None:
    both = guarded(counts(20, 40), stable=counts(40, 40))
    assert both.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("value", "text"), [(0.000123, "0.000123"), (1234.5, "1234"), (123456.7, "123457")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert figure(value) == text
