"""A sequential test of the error rate of the new side against that of the stable one.

Wald's sequential probability ratio test (A. Wald, Sequential Tests of Statistical Hypotheses, 1945)
of p0, the error rate of the stable side, against p1 = max(times * p0, p0 + plus):

    llr = errors * log(p1/p0) + good * log((1-p1)/(1-p0))
    fail when llr >= log((1-beta)/alpha), the round has passed when llr <= log(beta/(1-alpha))

It looks at every second and needs no fixed number of requests. What makes it safe here:

- p0 is never taken too low: it is the largest of a floor, the upper bound (Wilson 1927) of the
  stable side's rate so far, and its rate in this round, so that an outage that both sides share is
  not blamed on the new one.
- A round that has passed begins a new one; otherwise an hour without errors would have to be made
  up for before a fault is seen. Round i may raise a false alarm with alpha/(i(i+1)); these add up
  to alpha however long the rollout lasts.
"""

from math import ceil, floor, inf, log, sqrt

from msgspec import Struct

from evenfall.rollouts.logic.analysis.findings import (
    NOTHING,
    Finding,
    Lane,
    counted,
    percent,
    plus,
    share,
    told,
)
from evenfall.rollouts.logic.guard import Counts
from evenfall.rollouts.logic.verdicts import Outcome

Z = 1.2815515655446004
"""The 90 % quantile of the normal distribution."""


class Sequential(Struct, frozen=True, kw_only=True):
    """`alpha`: how often a good version may be failed, over the whole rollout; `beta`: how often a
    round may pass a version that is as bad as p1. `must_pass`: nothing goes on before a round has
    passed; otherwise the test may fail a version, and holds none.
    """

    alpha: float = 0.001
    beta: float = 0.05
    floor: float = 0.001
    times: float = 3.0
    plus: float = 0.01
    errors: int = 3
    stable_samples: int = 50
    must_pass: bool = True


class SequentialState(Struct, frozen=True, kw_only=True):
    """`canary` and `stable` are the counts of this round, `ever` those of the stable side so far.

    `ever` may begin with what was counted before the rollout.
    """

    round: int = 1
    canary: Counts = NOTHING
    stable: Counts = NOTHING
    ever: Counts = NOTHING

    @property
    def passed(self) -> int:
        return self.round - 1


class Rates(Struct, frozen=True, kw_only=True):
    """What is told apart, and what one error and one good request weigh."""

    p0: float
    p1: float
    upper: float
    lower: float

    @property
    def error(self) -> float:
        return log(self.p1 / self.p0)

    @property
    def good(self) -> float:
        return log((1 - self.p1) / (1 - self.p0))

    def llr(self, counts: Counts) -> float:
        return counts.errors * self.error + (counts.requests - counts.errors) * self.good


def look(
    state: SequentialState, *, canary: Counts, stable: Counts, test: Sequential
) -> tuple[SequentialState, Finding]:
    """Take in what came on both sides since the last look, and say what the test makes of it.

    Each look costs the same, however much was counted before.
    """
    state = SequentialState(
        round=state.round,
        canary=plus(state.canary, canary),
        stable=plus(state.stable, stable),
        ever=plus(state.ever, stable),
    )
    if state.ever.requests < test.stable_samples:
        return state, _unknown(state, test)
    rates = rates_of(state, test)
    if _fails(state, rates, test):
        return state, _finding(state, rates, test, Outcome.FAIL)
    if rates.llr(state.canary) <= rates.lower:
        finding = _finding(state, rates, test, Outcome.PASS)
        return SequentialState(round=state.round + 1, ever=state.ever), finding
    undecided = Outcome.PASS if state.passed else Outcome.NO_DATA
    return state, _finding(state, rates, test, undecided)


def rates_of(state: SequentialState, test: Sequential) -> Rates:
    """The two error rates that are told apart in this round, and where it ends."""
    p0 = min(max(test.floor, upper_bound(state.ever), share(state.stable) or 0.0), 0.98)
    p1 = min(max(test.times * p0, p0 + test.plus), (1 + p0) / 2)
    alpha = test.alpha / (state.round * (state.round + 1))
    return Rates(
        p0=p0, p1=p1, upper=log((1 - test.beta) / alpha), lower=log(test.beta / (1 - alpha))
    )


def upper_bound(counts: Counts, z: float = Z) -> float:
    """The upper end of Wilson's interval of an error rate; 1 without events.

    E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927.
    """
    if not counts.requests:
        return 1.0
    n, rate = counts.requests, counts.errors / counts.requests
    spread = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return min((rate + z * z / (2 * n) + spread) / (1 + z * z / n), 1.0)


def _fails(state: SequentialState, rates: Rates, test: Sequential) -> bool:
    return state.canary.errors >= test.errors and rates.llr(state.canary) >= rates.upper


def _unknown(state: SequentialState, test: Sequential) -> Finding:
    missing = counted(test.stable_samples - state.ever.requests, "more request")
    return Finding(
        lane=Lane.SEQUENTIAL,
        outcome=Outcome.NO_DATA,
        reason=f"The stable side had {state.ever.requests} requests: too few to compare with.",
        what_would_change=f"{missing} on the stable side would give something to compare with.",
        numbers={"requests": state.canary.requests, "stable_requests": state.ever.requests},
    )


def _finding(state: SequentialState, rates: Rates, test: Sequential, outcome: Outcome) -> Finding:
    return Finding(
        lane=Lane.SEQUENTIAL,
        outcome=outcome,
        reason=_reason(state, rates, outcome),
        what_would_change=_change(state, rates, test, outcome),
        numbers={
            "errors": state.canary.errors,
            "requests": state.canary.requests,
            "stable_errors": state.ever.errors,
            "stable_requests": state.ever.requests,
            "p0": rates.p0,
            "p1": rates.p1,
            "llr": rates.llr(state.canary),
            "upper": rates.upper,
            "lower": rates.lower,
            "round": state.round,
        },
    )


def _reason(state: SequentialState, rates: Rates, outcome: Outcome) -> str:
    seen = f"{told(state.canary)} failed on the new side, {told(state.ever)} on the stable one"
    likely = f"{percent(rates.p1)} than {percent(rates.p0)}"
    if outcome is Outcome.FAIL:
        return f"{seen}: an error rate of {likely} is by far more likely."
    if rates.llr(state.canary) <= rates.lower:
        return f"{seen}: nothing speaks for an error rate of {likely} rather."
    if state.passed:
        return f"{seen}. {counted(state.passed, 'round')} passed; this one is not decided."
    return f"{seen}: too early to tell {percent(rates.p1)} from {percent(rates.p0)}."


def _change(state: SequentialState, rates: Rates, test: Sequential, outcome: Outcome) -> str:
    counts = state.canary
    if outcome is Outcome.FAIL:
        most = max(most_errors(counts.requests, rates, test), 0)
        errors = counted(most, "error")
        return (
            f"With at most {errors} in these {counts.requests} requests it would not have failed."
        )
    more = counted(errors_to_fail(counts, rates, test), "more error")
    if rates.llr(counts) <= rates.lower:
        return f"{more} in a row would have failed it."
    clean = counted(requests_to_pass(counts, rates), "request")
    return f"{more} in a row would fail it; {clean} without an error would pass this round."


def most_errors(total: int, rates: Rates, test: Sequential) -> int:
    """How many errors in so many requests are not enough to fail."""
    most = floor((rates.upper - total * rates.good) / (rates.error - rates.good))
    return max(most, test.errors - 1)


def errors_to_fail(counts: Counts, rates: Rates, test: Sequential) -> int:
    """How many errors, one after the other, would fail it from here."""
    needed = ceil((rates.upper - rates.llr(counts)) / rates.error)
    return max(needed, test.errors - counts.errors, 1)


def requests_to_pass(counts: Counts, rates: Rates) -> int:
    """How many requests without an error would end this round from here."""
    weight = -rates.good or inf
    return max(ceil((rates.llr(counts) - rates.lower) / weight), 1)
