"""What triage does when its time comes."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.triage import actions


def remind(now: datetime) -> DrainResult:
    """Tell that promises are at risk or broken, and end pauses that are too long."""
    reminded = actions.remind(now=now)
    return DrainResult(done=reminded.done, next_due=reminded.next_due)


def watch_capacity(now: datetime) -> DrainResult:
    """Measure weeks that are over, and tell of too much work."""
    measured = actions.watch_capacity(now=now)
    return DrainResult(done=measured.done, next_due=measured.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="triage.remind", lane="slow", run=remind),
    Drain(name="triage.capacity", lane="slow", run=watch_capacity, rest_s=5.0),
)
