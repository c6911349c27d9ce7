"""Ordinary background work of alerting."""

from datetime import timedelta

from django.conf import settings

from evenfall.alerting import actions
from evenfall.platform import retention
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@job(periodic="23 3 * * *")
def forget_old_groups(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Drop groups that no alert can join any more."""
    actions.forget_groups(now=utc_now())


@job(periodic="* * * * *")
def end_alerts_by_policy(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every minute: announce and end alerts that are to end by policy."""
    while actions.end_by_policy(now=utc_now()) >= actions.ENDED_AT_ONCE:
        pass


@job(periodic="31 3 * * *")
def forget_old_alerts(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: delete alerts that were resolved before the history that is kept."""
    before = utc_now() - timedelta(days=settings.EVENFALL.history_retention_days)
    gone = retention.walk(lambda after_id: actions.forget_alerts(before=before, after_id=after_id))
    log.info("old alerts deleted", count=gone)
