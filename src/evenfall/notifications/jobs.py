"""Ordinary background work of notifications."""

from datetime import timedelta

from django.conf import settings

from evenfall.notifications import actions
from evenfall.platform import retention
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@job(periodic="*/30 * * * *")
def settle_checks(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Devices that did not answer their silent check in time: tell their owners."""
    silent = actions.settle_checks(now=utc_now())
    if silent:
        log.info("devices did not answer their check", count=silent)


@job(periodic="41 3 * * *")
def forget_old_notices(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: delete notices older than the history that is kept."""
    before = utc_now() - timedelta(days=settings.EVENFALL.history_retention_days)
    gone = retention.walk(lambda after_id: actions.forget_notices(before=before, after_id=after_id))
    log.info("old notices deleted", count=gone)


@job(periodic="*/10 * * * *")
def ask_prices(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every ten minutes: ask what messages cost, at the providers that tell it only then."""
    actions.ask_prices(now=utc_now())
