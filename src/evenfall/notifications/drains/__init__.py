"""Who looks at due notices, and when."""

from datetime import datetime

from evenfall.notifications import actions, ports, queries
from evenfall.notifications.actions.recovering import fail_unknown_kinds, look_ahead
from evenfall.notifications.drains.sender import Sender
from evenfall.platform.wakeups import Drain, DrainResult

SENDER = Sender()


def recover(now: datetime) -> DrainResult:
    """Take back what dead senders held, and fail what no channel can carry."""
    kinds = (*ports.kinds(), queries.INBOX) if ports.kinds() else ()
    ahead = look_ahead(kinds=kinds, now=now)
    if not ahead.is_anything_due:
        return DrainResult(done=0, next_due=ahead.lease_end)
    done = actions.recover_lost(now=now) + fail_unknown_kinds(kinds=kinds, now=now)
    return DrainResult(done=done)


DRAINS: tuple[Drain, ...] = (
    Drain(name="notifications.send", lane="paging", run=SENDER.run),
    Drain(name="notifications.recover", lane="paging", run=recover),
)
