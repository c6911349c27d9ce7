"""Ordinary background work of objectives."""

from datetime import timedelta
from typing import Final

from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger
from evenfall.slo import actions

log = get_logger(__name__)
KEPT: Final = timedelta(days=400)
"""As long as the minutes are: a year and a month."""


@job(periodic="23 3 * * *")
def forget_old(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: sums, charges and keys of messages that no window reaches any more."""
    now = utc_now()
    gone = actions.forget_sums(before=now - KEPT) + actions.forget_charges(before=now - KEPT)
    gone += actions.forget_pushes(now=now)
    if gone:
        log.info("old counts forgotten", count=gone)


@job(periodic="17 * * * *")
def remind_reviews(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every hour: those who approved an exception hear that its review is due."""
    told = actions.remind_reviews(now=utc_now())
    if told:
        log.info("reviews of budget exceptions are due", count=told)
