"""What objectives do each minute."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.slo import actions


def read(now: datetime) -> DrainResult:
    """Read the counts of one batch of indicators; again at once while more are due."""
    done = actions.read_due(now=now)
    return DrainResult(done=done, next_due=actions.next_reading_due())


def evaluate(now: datetime) -> DrainResult:
    """Evaluate all objectives for the minute that is over."""
    done = actions.evaluate_due(now=now)
    return DrainResult(done=done, next_due=actions.next_evaluation_due(now), took_all=True)


DRAINS: tuple[Drain, ...] = (
    Drain(name=actions.READ, lane="slow", run=read),
    Drain(name=actions.EVALUATE, lane="slow", run=evaluate),
)
