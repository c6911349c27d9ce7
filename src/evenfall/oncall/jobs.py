"""Background work of on-call."""

from evenfall.oncall import actions
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job


@job(periodic="11 3 * * *")
def look_further_ahead(timestamp: int) -> None:
    """Find stand-ins for the days that came into sight."""
    del timestamp  # procrastinate tells when it was due; what counts is now
    actions.stand_in_everywhere(now=utc_now())


@job(periodic="23 9 * * *")
def check_devices_of_those_coming(timestamp: int) -> None:
    """Every day: ask the devices of those on call within a week, each once a week."""
    del timestamp  # as above
    actions.check_devices_ahead(now=utc_now())
