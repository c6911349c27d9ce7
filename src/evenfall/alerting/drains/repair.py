"""Begins automatic repairs, and calls people where one takes too long."""

from datetime import datetime

from evenfall.alerting import actions
from evenfall.platform.wakeups import DrainResult


def advance_repairs(now: datetime) -> DrainResult:
    """Take one batch of due repairs on; each owns its transaction."""
    done, next_due = actions.advance_repairs(now=now)
    return DrainResult(done=done, next_due=next_due)
