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


def watch_promises(now: datetime) -> DrainResult:
    """Remind people of the updates that others wait for."""
    watched = actions.watch_promises(now=now)
    return DrainResult(done=watched.done, next_due=watched.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="incidents.command_relief", lane="slow", run=offer_command_relief),
    Drain(name="incidents.resume", lane="slow", run=remind_of_pauses),
    Drain(name="incidents.promises", lane="slow", run=watch_promises),
)
