"""The burn of the new side alone: how fast its own requests use up the objective's error budget.

burn = (errors / requests) / (1 - target), over a long window and a short one; both must reach the
factor (Google, The Site Reliability Workbook, chapter 5: 14.4 over an hour and five minutes is the
one that pages at once). A side that is younger than a window is measured over its whole life.
"""

from math import ceil

from msgspec import Struct

from evenfall.rollouts.logic.analysis.findings import (
    Finding,
    Lane,
    counted,
    percent,
    share,
    told,
)
from evenfall.rollouts.logic.guard import Counts
from evenfall.rollouts.logic.verdicts import Outcome

LONG_S = 3600
SHORT_S = 300
PAGE_QUICK = 14.4
REACHABLE = 0.8
"""A factor that only more errors than requests would reach is lowered to this share of the most."""


class Burn(Struct, frozen=True, kw_only=True):
    """`target` is the objective's, 0 to below 1. `errors`: so few never fail anybody.

    `name` is the objective's where it was not typed in: it is heard only when it fails, for nobody
    asked to be held by it.
    """

    target: float
    name: str = ""
    factor: float = PAGE_QUICK
    samples: int = 50
    errors: int = 3

    @property
    def budget(self) -> float:
        return 1 - self.target

    @property
    def limit(self) -> float:
        """The share of errors from which on it fails."""
        return min(self.factor * self.budget, REACHABLE)


def look(long: Counts, short: Counts, burn: Burn) -> Finding:
    """Judge the errors of the last hour and of the last five minutes, both of the new side."""
    outcome = _outcome(long, short, burn)
    return Finding(
        lane=Lane.BURN,
        outcome=outcome,
        reason=_reason(long, short, burn, outcome),
        what_would_change=_change(long, burn, outcome),
        numbers={
            "errors": long.errors,
            "requests": long.requests,
            "short_errors": short.errors,
            "short_requests": short.requests,
            "burn": _rate(long, burn),
            "short_burn": _rate(short, burn),
            "factor": burn.limit / burn.budget,
            "target": burn.target,
        },
    )


def _rate(counts: Counts, burn: Burn) -> float:
    return (share(counts) or 0.0) / burn.budget


def _is_over(counts: Counts, burn: Burn) -> bool:
    return counts.errors >= burn.limit * counts.requests


def _outcome(long: Counts, short: Counts, burn: Burn) -> Outcome:
    if long.requests < burn.samples:
        return Outcome.NO_DATA
    is_burning = long.errors >= burn.errors and _is_over(long, burn) and _is_over(short, burn)
    return Outcome.FAIL if is_burning and short.errors else Outcome.PASS


def _reason(long: Counts, short: Counts, burn: Burn, outcome: Outcome) -> str:
    if outcome is Outcome.NO_DATA:
        return f"The new side had {long.requests} of the {burn.samples} requests that are needed."
    return (
        f"The new side burns the budget of {_objective(burn)} {_rate(long, burn):.3g} times as"
        f" fast as it lasts ({told(long)}), and {_rate(short, burn):.3g} times in the short window;"
        f" {burn.limit / burn.budget:.3g} fails it."
    )


def _objective(burn: Burn) -> str:
    return f"{percent(burn.target)}{f', as {burn.name} promises,' if burn.name else ''}"


def _change(long: Counts, burn: Burn, outcome: Outcome) -> str:
    if outcome is Outcome.NO_DATA:
        return f"{counted(burn.samples - long.requests, 'more request')} would let it speak."
    needed = max(ceil(burn.limit * long.requests), burn.errors)
    if outcome is Outcome.FAIL:
        errors = counted(needed - 1, "error")
        return f"With at most {errors} in {long.requests} requests it would not have failed."
    missing = counted(max(needed - long.errors, 1), "more error")
    return f"{missing} in these {long.requests} requests would fail it."
