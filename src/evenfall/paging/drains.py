"""The two drains of paging: one moves pages, the other watches that it does.

The auditor runs in another lane than the work it watches, so that whatever holds up the lane of
paging does not hold up its witness.
"""

import asyncio
from datetime import datetime, timedelta

from django.conf import settings

from evenfall.paging import actions, queries
from evenfall.platform.errors import DomainError
from evenfall.platform.http import outgoing
from evenfall.platform.logs import get_logger
from evenfall.platform.metrics import gauge
from evenfall.platform.wakeups import Drain, DrainResult, wake

TOLERANCE = timedelta(seconds=5)
HEALTHY = timedelta(seconds=60)
PING_EVERY = timedelta(seconds=60)
AUDIT_EVERY = timedelta(seconds=5)
PING_TIMEOUT_S = 5.0

log = get_logger(__name__)
overdue_pages = gauge("evenfall_pages_overdue", "Open pages whose due time passed 5 s ago or more")
worst_lateness = gauge("evenfall_pages_latest_seconds", "How late the latest overdue page is")
stranded_pages = gauge("evenfall_pages_stranded", "Open pages without a due time or a stop reason")


def advance_due_pages(now: datetime) -> DrainResult:
    """Take the due steps of one batch of pages."""
    advanced = actions.advance_due_pages(now=now)
    return DrainResult(done=advanced.done, next_due=advanced.next_due)


class Auditor:
    """Checks that every open page is due in the future or settled, every few seconds.

    Reports how late pages are, wakes the drain that should have moved them, and tells an outside
    dead man's switch that all is well; its silence is the alarm of last resort. Pings are at most
    one a minute for each process, and none while a page is a minute late.
    """

    def __init__(self) -> None:
        self._checked_at: datetime | None = None
        self._pinged_at: datetime | None = None

    def run(self, now: datetime) -> DrainResult:
        if self._checked_at is None or now >= self._checked_at + AUDIT_EVERY:
            self._checked_at = now
            self._check(now)
        return DrainResult(done=0, next_due=self._checked_at + AUDIT_EVERY)

    def _check(self, now: datetime) -> None:
        found = queries.audit(now=now, tolerance=TOLERANCE)
        overdue_pages.set(found.overdue)
        worst_lateness.set(found.worst.total_seconds())
        stranded_pages.set(found.stranded)
        if found.overdue or found.stranded:
            late_s = found.worst.total_seconds()
            log.error("pages are late", overdue=found.overdue, late_s=late_s)
            wake("paging.advance")
        if found.worst < HEALTHY and not found.stranded:
            self._ping(now)

    def _ping(self, now: datetime) -> None:
        url = settings.EVENFALL.dead_mans_switch_url
        if not url or (self._pinged_at is not None and now < self._pinged_at + PING_EVERY):
            return
        self._pinged_at = now
        try:
            asyncio.run(outgoing.get(url, timeout_s=PING_TIMEOUT_S))
        except DomainError as error:
            log.warning("the dead man's switch was not reached", error=str(error))


DRAINS: tuple[Drain, ...] = (
    Drain(name="paging.advance", lane="paging", run=advance_due_pages),
    Drain(name="paging.audit", lane="slow", run=Auditor().run),
)
