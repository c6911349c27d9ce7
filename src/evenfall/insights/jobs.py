"""Ordinary background work of insights."""

from datetime import timedelta

from django.conf import settings

from evenfall.insights import actions
from evenfall.platform import retention
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@job(periodic="13 * * * *")
def read_history(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Write down pages from before they were counted; at rest one look at the newest."""
    looked_at = 0
    while found := actions.record_history():
        looked_at += found
    if looked_at:
        log.info("pages of the history counted", count=looked_at)


@job(periodic="41 3 * * *")
def find_noise(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: look for what would spare pages."""
    log.info("noise audited", proposals=actions.find_proposals(now=utc_now()))


@job(periodic="47 3 * * *")
def forget_old_pages(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: delete what was counted before the history that is kept."""
    before = utc_now() - timedelta(days=settings.EVENFALL.history_retention_days)
    gone = retention.walk(lambda after_id: actions.forget_pages(before=before, after_id=after_id))
    log.info("old counted pages deleted", count=gone)
