"""How single measurements become the verdict of a metric.

The counting of Argo Rollouts, without what lets bad versions through there: a limit of failures as
high as the count passes nobody, because so many measurements must have been successful; no value
is inconclusive; what is inconclusive holds only as long as it lasts, and goes on when values come.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from evenfall.rollouts.logic.analysis.conditions import Phase
from evenfall.rollouts.logic.analysis.findings import Verdict, counted

RETRY = timedelta(seconds=10)
"""A measurement that could not be taken is tried again after so long, whatever the interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """When and how often is measured. A limit is passed by more than it; -1 is no limit.

    `count` 0 measures until the rollout ends. `success_limit` successes in a row end it early;
    0 for never. `least_successful`: with fewer it has not passed.
    """

    interval: timedelta = timedelta(seconds=10)
    initial_delay: timedelta = timedelta(0)
    count: int = 0
    failure_limit: int = 0
    inconclusive_limit: int = 3
    error_limit: int = 4
    success_limit: int = 0
    least_successful: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many measurements were what; `_row`: in a row, up to now. Errors are not counted."""

    successful: int = 0
    failed: int = 0
    inconclusive: int = 0
    success_row: int = 0
    inconclusive_row: int = 0
    error_row: int = 0

    @property
    def counted(self) -> int:
        return self.successful + self.failed + self.inconclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a metric stands. `is_over`: it is not measured any more."""

    verdict: Verdict
    is_over: bool
    reason: str
    what_would_change: str


def add(tally: Tally, phase: Phase) -> Tally:
    """The tally with one more measurement."""
    if phase is Phase.ERROR:
        return replace(tally, success_row=0, error_row=tally.error_row + 1)
    good, unclear = phase is Phase.SUCCESSFUL, phase is Phase.INCONCLUSIVE
    return Tally(
        successful=tally.successful + good,
        failed=tally.failed + (phase is Phase.FAILED),
        inconclusive=tally.inconclusive + unclear,
        success_row=tally.success_row + 1 if good else 0,
        inconclusive_row=tally.inconclusive_row + 1 if unclear else 0,
    )


def wait(phase: Phase, counting: Counting) -> timedelta:
    """How long until the next measurement."""
    return RETRY if phase is Phase.ERROR else counting.interval


def stand(tally: Tally, counting: Counting, *, is_ending: bool = False) -> Standing:
    """Judge a metric by its measurements so far; a failure is never hidden by what came after.

    `is_ending`: the rollout needs an answer now.
    """
    if _is_past(tally.failed, counting.failure_limit):
        return _standing(Verdict.FAIL, _failed(tally, counting), over=True)
    if _is_past(tally.error_row, counting.error_limit):
        times = counted(tally.error_row, "time")
        return _standing(
            Verdict.INCONCLUSIVE, (f"It could not be measured {times} in a row.", _ANY)
        )
    if _is_past(tally.inconclusive_row, counting.inconclusive_limit):
        told = counted(tally.inconclusive_row, "measurement")
        return _standing(Verdict.INCONCLUSIVE, (f"The last {told} gave no clear value.", _ANY))
    if counting.success_limit and tally.success_row >= counting.success_limit:
        told = counted(tally.success_row, "success").replace("successs", "successes")
        return _standing(
            Verdict.PASS, (f"There were {told} in a row.", _room(tally, counting)), over=True
        )
    return _counted(tally, counting, is_ending=is_ending)


_ANY = "The next clear value would go on."


def _counted(tally: Tally, counting: Counting, *, is_ending: bool) -> Standing:
    is_full = bool(counting.count) and tally.counted >= counting.count
    if tally.successful < counting.least_successful:
        return _too_few(tally, counting, is_full=is_full)
    if is_full and counting.success_limit:
        missed = f"There were never {counting.success_limit} successes in a row."
        verdict = Verdict.INCONCLUSIVE if counting.failure_limit >= 0 else Verdict.FAIL
        return _standing(verdict, (missed, "So many successes in a row would pass it."), over=True)
    if counting.count and not is_full and not is_ending:
        told = f"{tally.counted} of {counting.count} measurements were taken."
        return _standing(Verdict.INCONCLUSIVE, (told, _room(tally, counting)))
    told = f"{tally.successful} of {counted(tally.counted, 'measurement')} were successful."
    return _standing(Verdict.PASS, (told, _room(tally, counting)), over=is_full)


def _too_few(tally: Tally, counting: Counting, *, is_full: bool) -> Standing:
    """No pass without successes, whatever the limits allow."""
    failed = is_full and tally.failed > 0
    told = f"{tally.successful} of {counting.least_successful} successful measurements were taken."
    missing = counted(counting.least_successful - tally.successful, "more success")
    needed = missing.replace("successs", "successes")
    return _standing(
        Verdict.FAIL if failed else Verdict.INCONCLUSIVE,
        (told, f"{needed} would pass it."),
        over=is_full,
    )


def _failed(tally: Tally, counting: Counting) -> tuple[str, str]:
    measurements = counted(tally.failed, "measurement")
    limit = counted(counting.failure_limit, "failure")
    return f"{measurements} failed; {limit} may.", f"At most {limit} would not have failed it."


def _room(tally: Tally, counting: Counting) -> str:
    if counting.failure_limit < 0:
        return "Failures are counted without a limit."
    return f"{counted(counting.failure_limit - tally.failed + 1, 'more failure')} would fail it."


def _is_past(number: int, limit: int) -> bool:
    return 0 <= limit < number


def _standing(verdict: Verdict, words: tuple[str, str], *, over: bool = False) -> Standing:
    reason, change = words
    return Standing(verdict=verdict, is_over=over, reason=reason, what_would_change=change)
