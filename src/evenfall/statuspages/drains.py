"""What status pages do when its time comes."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.statuspages import actions


def advance_works(now: datetime) -> DrainResult:
    """Start and end one batch of maintenance."""
    return actions.advance_due_works(now=now)


DRAINS: tuple[Drain, ...] = (Drain(name=actions.ADVANCE, lane="slow", run=advance_works),)
