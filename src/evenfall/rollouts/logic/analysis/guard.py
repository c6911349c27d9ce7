"""The absolute guard: too many errors on the new side, whatever the stable side does.

A tick of the guard ends when it holds enough requests, so at low traffic it lasts longer than a
second, and never judges three requests. It speaks after so many bad ticks in a row.
"""

from dataclasses import dataclass
from math import ceil

from evenfall.rollouts.logic.analysis.findings import (
    Counts,
    Finding,
    Lane,
    Verdict,
    counted,
    percent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """`ratio`: more errors than this share (0 to 1) make a tick bad."""

    ratio: float = 0.1
    ticks: int = 2
    samples: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardState:
    """`pending` belongs to the tick that is not full, `last` was judged last."""

    pending: Counts = Counts()
    last: Counts = Counts()
    bad_in_a_row: int = 0


def look(state: GuardState, new: Counts, guard: Guard) -> tuple[GuardState, Finding]:
    """Take in what came since the last look, and say what the guard makes of it."""
    state = _after(state, state.pending + new, guard)
    return state, _finding(state, guard)


def _after(state: GuardState, pending: Counts, guard: Guard) -> GuardState:
    if pending.total < guard.samples:
        return GuardState(pending=pending, last=state.last, bad_in_a_row=state.bad_in_a_row)
    is_bad = pending.errors > guard.ratio * pending.total
    return GuardState(last=pending, bad_in_a_row=state.bad_in_a_row + 1 if is_bad else 0)


def _finding(state: GuardState, guard: Guard) -> Finding:
    verdict = _verdict(state, guard)
    return Finding(
        lane=Lane.GUARD,
        verdict=verdict,
        reason=_reason(state, guard, verdict),
        what_would_change=_change(state, guard, verdict),
        numbers={
            "errors": state.last.errors,
            "requests": state.last.total,
            "limit": guard.ratio,
            "bad_ticks": state.bad_in_a_row,
            "ticks": guard.ticks,
        },
    )


def _verdict(state: GuardState, guard: Guard) -> Verdict:
    if state.bad_in_a_row >= guard.ticks:
        return Verdict.FAIL
    return Verdict.PASS if state.last.total else Verdict.INCONCLUSIVE


def _reason(state: GuardState, guard: Guard, verdict: Verdict) -> str:
    if verdict is Verdict.INCONCLUSIVE:
        return f"The new side had {state.pending.total} of the {guard.samples} requests of a tick."
    share = f"{state.last} failed on the new side"
    if state.bad_in_a_row:
        times = counted(state.bad_in_a_row, "tick")
        return f"{share}, more than {percent(guard.ratio)}, for {times} in a row."
    return f"{share} in the last tick, not more than {percent(guard.ratio)}."


def _change(state: GuardState, guard: Guard, verdict: Verdict) -> str:
    if verdict is Verdict.INCONCLUSIVE:
        return f"{counted(guard.samples - state.pending.total, 'more request')} would fill a tick."
    most = int(guard.ratio * state.last.total)
    if verdict is Verdict.FAIL:
        errors = counted(most, "error")
        return f"With at most {errors} in these {state.last.total} requests it would hold still."
    needed = max(ceil(guard.ratio * guard.samples), int(guard.ratio * guard.samples) + 1)
    left = counted(guard.ticks - state.bad_in_a_row, "tick")
    return f"{left} in a row with {needed} of {guard.samples} requests failed would fail it."
