"""What runbooks do when their time comes."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.runbooks import actions
from evenfall.runbooks.actions.reminding import REMIND


def remind_owners(now: datetime) -> DrainResult:
    """Remind one batch of owners of runbooks that want a look."""
    done, next_due = actions.remind_owners(now=now)
    return DrainResult(done=done, next_due=next_due)


DRAINS: tuple[Drain, ...] = (Drain(name=REMIND, lane="slow", run=remind_owners, wake_on=(REMIND,)),)
