"""Ordinary background work of patterns."""

from evenfall.patterns import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@job(periodic="37 2 * * *")
def weigh_words(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night: count words again, and compare incidents that never were."""
    actions.count_words()
    if found := actions.compare_unknown(now=utc_now()):
        log.info("incidents to compare", count=found)


@job(periodic="7 3 * * *")
def read_texts(timestamp: int) -> None:  # noqa: ARG001 - the scheduler passes it
    """Every night, where the extra `similarity` is installed: compare whole texts."""
    found = actions.read_texts(now=utc_now())
    if found is not None:
        log.info("texts compared", pairs=found)
