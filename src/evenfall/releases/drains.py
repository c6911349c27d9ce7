"""Rows with a due time: gates that are asked again, exceptions that are looked back at."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.releases import actions


def _review(now: datetime) -> DrainResult:
    return DrainResult(done=actions.remind_reviews(now=now))


def _ask(now: datetime) -> DrainResult:
    return actions.ask_due(now=now)


DRAINS = (
    Drain(name=actions.ASK, lane="slow", run=_ask, rest_s=1.0),
    Drain(name="releases.reviews", lane="slow", run=_review, rest_s=60.0),
)
