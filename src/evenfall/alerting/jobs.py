"""Ordinary background work of alerting."""

from evenfall.alerting import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job


@job(periodic="23 3 * * *")
def forget_old_groups(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Drop groups that no alert can join any more."""
    actions.forget_groups(now=utc_now())
