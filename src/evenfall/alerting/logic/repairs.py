"""An automatic repair instead of a page: when it begins, when it is over, when people are called.

Whatever happens ends in one of three ways: the alert is over, or people are paged, or they hold the
alert back themselves. Every state but an end has a due time, so nothing can wait for ever.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from evenfall.platform import durations

CLEAR_WITHIN = timedelta(minutes=5)
LONGEST_CLEAR = timedelta(hours=6)
MOST_AT_ONCE = 3


class RepairState(StrEnum):
    """Where a repair stands."""

    PLANNED = "planned"
    RUNNING = "running"
    WATCHING = "watching"
    HEALED = "healed"
    GAVE_UP = "gave_up"
    NOT_NEEDED = "not_needed"


LIVE = (RepairState.PLANNED, RepairState.RUNNING, RepairState.WATCHING)
UNDER_WAY = (RepairState.RUNNING, RepairState.WATCHING)


class Ran(StrEnum):
    """How the run of a runbook ended."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Step(Struct, frozen=True):
    """Where a repair goes and why; `due_at` is when to look again, None at an end."""

    state: RepairState
    why: str
    due_at: datetime | None = None


class Limits(Struct, frozen=True, kw_only=True):
    """What the site allows, and how many repairs are under way."""

    is_on: bool
    most_at_once: int
    under_way: int


def may_begin(limits: Limits, *, alert_is_over: bool) -> Step | None:
    """Return where a planned repair ends right away, or None when it may begin."""
    if alert_is_over:
        return Step(RepairState.NOT_NEEDED, "The alert ended before the repair began.")
    if not limits.is_on:
        return Step(RepairState.GAVE_UP, "automatic repairs are switched off")
    if limits.under_way >= limits.most_at_once:
        count = "one repair is" if limits.under_way == 1 else f"{limits.under_way} repairs are"
        return Step(
            RepairState.GAVE_UP,
            f"{count} under way already, and at most {limits.most_at_once} may be",
        )
    return None


def after_run(
    ran: Ran, said: str, *, alert_is_over: bool, clear_within: timedelta, now: datetime
) -> Step:
    """Return where a running repair goes when its runbook came to an end. `said` tells more."""
    if ran is not Ran.OK:
        return Step(RepairState.GAVE_UP, _failure(ran, said))
    if alert_is_over:
        return Step(RepairState.HEALED, "The runbook ran, and the alert is over.")
    minutes = durations.exact(clear_within)
    why = f"The runbook ran. The alert must clear within {minutes}."
    return Step(RepairState.WATCHING, why, now + clear_within)


def _failure(ran: Ran, said: str) -> str:
    more = f": {said.strip().rstrip('.')}" if said.strip() else ""
    if ran is Ran.UNKNOWN:
        return f"nobody knows how the runbook ended{more}"
    return f"the runbook failed{more}"


def overdue(state: RepairState, *, alert_is_over: bool, clear_within: timedelta) -> Step:
    """Return where a repair under way goes when its time is over."""
    if state is RepairState.RUNNING:
        # also when the alert is over: what the runbook did by half must be taken back
        return Step(RepairState.GAVE_UP, "the runbook did not tell in time how it ended")
    if alert_is_over:
        return Step(RepairState.HEALED, "The runbook ran, and the alert is over.")
    minutes = durations.exact(clear_within)
    return Step(
        RepairState.GAVE_UP, f"the runbook ran, but the alert did not clear within {minutes}"
    )
