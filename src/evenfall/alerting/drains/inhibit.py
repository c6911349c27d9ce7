"""Looks for causes that opened or ended, and for rules that changed."""

from datetime import datetime

from evenfall.alerting import actions
from evenfall.platform.wakeups import DrainResult


def follow_causes(now: datetime) -> DrainResult:
    return DrainResult(done=actions.follow_causes(now=now))
