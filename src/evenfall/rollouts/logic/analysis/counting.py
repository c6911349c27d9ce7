"""How single measurements become the outcome of a metric.

The counting of Argo Rollouts, without what lets bad versions through there: a limit of failures as
high as the count passes nobody, because so many measurements must have been successful; no value
is never good; what is not clear holds only as long as it lasts, and goes on when values come.
"""

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from evenfall.rollouts.logic.analysis.conditions import Phase
from evenfall.rollouts.logic.analysis.findings import counted
from evenfall.rollouts.logic.verdicts import Outcome

RETRY = timedelta(seconds=10)
"""A measurement that could not be taken is tried again after so long, whatever the interval."""


class Counting(Struct, frozen=True, kw_only=True):
    """When and how often is measured. A limit is passed by more than it; -1 is no limit.

    `count` 0 measures until the rollout ends. `success_limit` successes in a row end it early;
    0 for never. `least_successful`: with fewer it has not passed.
    """

    interval: timedelta = timedelta(seconds=10)
    initial_delay: timedelta = timedelta(0)
    count: int = 0
    failure_limit: int = 0
    unclear_limit: int = 3
    error_limit: int = 4
    success_limit: int = 0
    least_successful: int = 1


class Counted(Struct, frozen=True, kw_only=True):
    """How many measurements were what; `_row`: in a row, up to now. Errors are not counted."""

    successful: int = 0
    failed: int = 0
    unclear: int = 0
    success_row: int = 0
    unclear_row: int = 0
    error_row: int = 0

    @property
    def all(self) -> int:
        return self.successful + self.failed + self.unclear


class Standing(Struct, frozen=True, kw_only=True):
    """Where a metric stands. `is_over`: it need not be measured any more."""

    outcome: Outcome
    is_over: bool
    reason: str
    what_would_change: str


def add(so_far: Counted, phase: Phase) -> Counted:
    """The counts with one more measurement."""
    if phase is Phase.ERROR:
        return replace(so_far, success_row=0, error_row=so_far.error_row + 1)
    good, unclear = phase is Phase.SUCCESSFUL, phase in {Phase.UNCLEAR, Phase.NO_VALUE}
    return Counted(
        successful=so_far.successful + good,
        failed=so_far.failed + (phase is Phase.FAILED),
        unclear=so_far.unclear + unclear,
        success_row=so_far.success_row + 1 if good else 0,
        unclear_row=so_far.unclear_row + 1 if unclear else 0,
    )


def wait(phase: Phase, counting: Counting) -> timedelta:
    """How long until the next measurement."""
    return RETRY if phase is Phase.ERROR else counting.interval


def stand(so_far: Counted, counting: Counting, *, last: Phase) -> Standing:
    """Judge a metric by its measurements, of which `last` is the last one.

    A failure is never hidden by what came after it.
    """
    if _is_past(so_far.failed, counting.failure_limit):
        return _failed(so_far, counting)
    if _is_past(so_far.error_row, counting.error_limit):
        times = counted(so_far.error_row, "time")
        return _holding(Outcome.NO_DATA, f"It could not be measured {times} in a row.")
    if _is_past(so_far.unclear_row, counting.unclear_limit):
        told = f"The last {counted(so_far.unclear_row, 'measurement')} gave no clear value."
        is_unclear = last is Phase.UNCLEAR
        return _holding(Outcome.INCONCLUSIVE if is_unclear else Outcome.NO_DATA, told)
    if counting.success_limit and so_far.success_row >= counting.success_limit:
        return _passed(so_far, counting, is_over=True)
    return _by_count(so_far, counting)


def _by_count(so_far: Counted, counting: Counting) -> Standing:
    is_full = bool(counting.count) and so_far.all >= counting.count
    if so_far.successful < counting.least_successful:
        return _too_few(so_far, counting, is_full=is_full)
    if is_full and counting.success_limit:
        return _never_in_a_row(counting)
    if counting.count and not is_full:
        told = f"{so_far.all} of {counted(counting.count, 'measurement')} were taken."
        return Standing(
            outcome=Outcome.NO_DATA,
            is_over=False,
            reason=told,
            what_would_change=_room(so_far, counting),
        )
    return _passed(so_far, counting, is_over=is_full)


def _passed(so_far: Counted, counting: Counting, *, is_over: bool) -> Standing:
    return Standing(
        outcome=Outcome.PASS,
        is_over=is_over,
        reason=f"{so_far.successful} of {counted(so_far.all, 'measurement')} were successful.",
        what_would_change=_room(so_far, counting),
    )


def _too_few(so_far: Counted, counting: Counting, *, is_full: bool) -> Standing:
    """No pass without successes, whatever the limits allow."""
    missing = counting.least_successful - so_far.successful
    needed = counted(counting.least_successful, "success", "successes")
    return Standing(
        outcome=Outcome.FAIL if is_full and so_far.failed else Outcome.NO_DATA,
        is_over=is_full,
        reason=f"{so_far.successful} of the {needed} that are needed were measured.",
        what_would_change=f"{counted(missing, 'more success', 'more successes')} would pass it.",
    )


def _never_in_a_row(counting: Counting) -> Standing:
    """Where failures have a limit too and kept it, a person has to say what to make of it."""
    return Standing(
        outcome=Outcome.INCONCLUSIVE if counting.failure_limit >= 0 else Outcome.FAIL,
        is_over=True,
        reason=f"There were never {counting.success_limit} successes in a row.",
        what_would_change="So many successes in a row would have passed it.",
    )


def _failed(so_far: Counted, counting: Counting) -> Standing:
    allowed = counted(counting.failure_limit, "failure")
    return Standing(
        outcome=Outcome.FAIL,
        is_over=True,
        reason=f"{counted(so_far.failed, 'measurement')} failed; {counting.failure_limit} may.",
        what_would_change=f"At most {allowed} would not have failed it.",
    )


def _holding(outcome: Outcome, reason: str) -> Standing:
    return Standing(
        outcome=outcome,
        is_over=False,
        reason=reason,
        what_would_change="It goes on with the next clear value.",
    )


def _room(so_far: Counted, counting: Counting) -> str:
    if counting.failure_limit < 0:
        return "No number of failures fails it."
    return f"{counted(counting.failure_limit - so_far.failed + 1, 'more failure')} would fail it."


def _is_past(number: int, limit: int) -> bool:
    return 0 <= limit < number
