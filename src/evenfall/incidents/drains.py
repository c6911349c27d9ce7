"""What incidents do when their time comes."""

from datetime import datetime

from evenfall.incidents import actions
from evenfall.platform.wakeups import Drain, DrainResult


def offer_command_relief(now: datetime) -> DrainResult:
    """Ask somebody to take over from those who command for long."""
    relieved = actions.offer_command_relief(now=now)
    return DrainResult(done=relieved.done, next_due=relieved.next_due)


def remind_of_pauses(now: datetime) -> DrainResult:
    """Tell people that what their incident waited for has had its time."""
    reminded = actions.remind_of_pauses(now=now)
    return DrainResult(done=reminded.done, next_due=reminded.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="incidents.command_relief", lane="slow", run=offer_command_relief),
    Drain(name="incidents.resume", lane="slow", run=remind_of_pauses),
)
