"""What incidents do when their time comes."""

from datetime import datetime

from evenfall.incidents import actions
from evenfall.platform.wakeups import Drain, DrainResult


def offer_command_relief(now: datetime) -> DrainResult:
    """Ask somebody to take over from those who command for long."""
    relieved = actions.offer_command_relief(now=now)
    return DrainResult(done=relieved.done, next_due=relieved.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="incidents.command_relief", lane="slow", run=offer_command_relief),
)
