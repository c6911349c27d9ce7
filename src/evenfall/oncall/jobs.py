"""Background work of on-call."""

from evenfall.oncall import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job


@job(periodic="11 3 * * *")
def look_further_ahead(timestamp: int) -> None:
    """Find stand-ins for the days that came into sight."""
    del timestamp  # procrastinate tells when it was due; what counts is now
    actions.stand_in_everywhere(now=utc_now())
