"""Ordinary background work of chat."""

from datetime import timedelta
from typing import Final

from evenfall.chat import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)
KEPT_FOR: Final = timedelta(days=30)


@job(periodic="53 3 * * *")
def forget_what_was_said(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: delete taps and commands that were done a month ago."""
    before = utc_now() - KEPT_FOR
    log.info("old taps and commands deleted", count=actions.forget_said(before=before))
