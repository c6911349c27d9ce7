"""What each lane of the workers runs. Lanes never share a thread, so none can starve another."""

from evenfall.alerting import drains as alerting
from evenfall.integrations.telegram import polling as telegram
from evenfall.notifications import drains as notifications
from evenfall.oncall import drains as oncall
from evenfall.paging import drains as paging
from evenfall.platform import beats, reactions
from evenfall.platform.wakeups import Drain

LANES = ("intake", "paging", "slow")


def drains(lanes: tuple[str, ...] = LANES) -> tuple[Drain, ...]:
    """Return the drains of these lanes: those of the domains and one for each reactor."""
    found = (
        *alerting.DRAINS,
        *paging.DRAINS,
        *oncall.DRAINS,
        *notifications.DRAINS,
        *telegram.DRAINS,
        *reactions.drains(),
        *map(beats.drain, LANES),
    )
    return tuple(drain for drain in found if drain.lane in lanes)
