"""The absolute guard in the words of an analysis. What decides is `rollouts.logic.guard`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor

from evenfall.rollouts.logic.analysis.findings import Finding, Lane, counted, percent
from evenfall.rollouts.logic.guard import TICKS, Counts, Reading, judge_errors, total
from evenfall.rollouts.logic.plan import Guard
from evenfall.rollouts.logic.verdicts import Outcome


def look(guard: Guard, readings: Sequence[Reading], *, now: datetime) -> Finding:
    """Judge the readings of the last window, oldest first."""
    verdict = judge_errors(guard, readings, now=now)
    seen = [one for one in readings if one.at > now - timedelta(seconds=guard.window_s)]
    new, stable = total([one.new for one in seen]), total([one.stable for one in seen])
    return Finding(
        lane=Lane.GUARD,
        outcome=verdict.outcome,
        reason=verdict.reason,
        what_would_change=_change(guard, new, verdict.outcome),
        numbers={
            "errors": new.errors,
            "requests": new.requests,
            "stable_errors": stable.errors,
            "stable_requests": stable.requests,
            "limit": guard.most_percent / 100,
            "window_s": guard.window_s,
            "ticks": TICKS,
        },
    )


def _change(guard: Guard, new: Counts, outcome: Outcome) -> str:
    most = max(floor(guard.most_percent / 100 * new.requests), guard.least_errors - 1)
    if outcome is Outcome.NO_DATA:
        return f"{counted(guard.least - new.requests, 'more request')} would let it speak."
    if outcome is Outcome.PASS:
        more = counted(max(most + 1 - new.errors, 1), "more error")
        return f"{more} in these {new.requests} requests would fail it."
    allowed, limit = counted(most, "error"), percent(guard.most_percent / 100)
    return f"{allowed} in {new.requests} requests are within the {limit} that may fail."
