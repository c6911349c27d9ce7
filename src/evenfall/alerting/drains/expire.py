"""Looks for what is over: alerts without repeats, silences and maintenance windows."""

from collections.abc import Callable
from datetime import datetime

from evenfall.alerting import actions
from evenfall.alerting.queries.over import is_anything_over
from evenfall.platform.wakeups import DrainResult

_STEPS: tuple[Callable[..., int], ...] = (
    actions.apply_silences,
    actions.apply_maintenance,
    actions.release_silences,
    actions.release_maintenance,
    actions.resolve_calm_alerts,
    actions.resolve_silent_alerts,
    actions.release_waiting,
)


def end_what_is_over(now: datetime) -> DrainResult:
    """Advance what is due; each step claims its rows and owns its transaction.

    An outage comes first: it moves the ends that the last step looks at.
    """
    actions.make_up_for_outage(now=now)
    if not is_anything_over(now=now):
        return DrainResult(done=0)
    return DrainResult(done=sum(step(now=now) for step in _STEPS))
