"""Ordinary background work of foresight."""

from evenfall.foresight import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@job(periodic="23 4 * * *")
def look_every_night(timestamp: int) -> None:
    """Every night: look for what would keep pages from people, and forget old what-ifs."""
    del timestamp  # procrastinate tells when it was due; what counts is now
    now = utc_now()
    found = actions.lint(now=now)
    log.info("looked for what does not reach", findings=found)
    actions.forget_runs(now=now)


@job(periodic="*/5 * * * *")
def tell_owners(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every five minutes: tell owners of serious findings that stayed; at rest one query."""
    if told := actions.tell_owners(now=utc_now()):
        log.info("told what does not reach", findings=told)
