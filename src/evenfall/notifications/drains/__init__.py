"""Who looks at due notices, and when."""

from datetime import datetime

from evenfall.notifications import actions, ports
from evenfall.notifications.actions.recovering import fail_unknown_kinds, next_lease_end
from evenfall.notifications.drains.sender import Sender
from evenfall.platform.wakeups import Drain, DrainResult

SENDER = Sender()


def recover(now: datetime) -> DrainResult:
    """Take back what dead senders held, and fail what no channel can carry."""
    done = actions.recover_lost(now=now) + fail_unknown_kinds(kinds=ports.kinds(), now=now)
    return DrainResult(done=done, next_due=None if done else next_lease_end())


DRAINS: tuple[Drain, ...] = (
    Drain(name="notifications.send", lane="paging", run=SENDER.run),
    Drain(name="notifications.recover", lane="paging", run=recover),
)
