"""Writes the windows of maintenance that comes back, a week ahead."""

from datetime import datetime

from evenfall.alerting import actions
from evenfall.platform.wakeups import DrainResult


def plan_windows(now: datetime) -> DrainResult:
    done, next_due = actions.plan_windows(now=now)
    return DrainResult(done=done, next_due=next_due, is_unused=not done and next_due is None)
