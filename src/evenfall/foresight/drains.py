"""What foresight does when its time comes."""

from datetime import datetime

from evenfall.foresight import actions
from evenfall.foresight.actions import asking, looking
from evenfall.platform.wakeups import Drain, DrainResult


def work_off(now: datetime) -> DrainResult:
    """Work off one long what-if; nobody is paged by it, so it is in the slow lane."""
    return DrainResult(done=actions.work_off(now=now))


def look(now: datetime) -> DrainResult:
    """Look again after changes; many of them in a row are one look."""
    return DrainResult(done=actions.look_if_asked(now=now), took_all=True)


DRAINS: tuple[Drain, ...] = (
    Drain(name=asking.WAKE, lane="slow", run=work_off, rest_s=0.2),
    Drain(name=looking.WAKE, lane="slow", run=look, rest_s=10.0),
)
