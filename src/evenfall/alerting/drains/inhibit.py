"""Looks for causes that opened or ended, and for rules that changed."""

from datetime import datetime

from evenfall.alerting import actions
from evenfall.platform.wakeups import DrainResult


def follow_causes(now: datetime) -> DrainResult:
    followed = actions.follow_causes(now=now)
    return DrainResult(done=followed.done, is_unused=followed.is_unused)
