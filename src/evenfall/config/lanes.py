"""What each lane of the workers runs. Lanes never share a thread, so none can starve another."""

from evenfall.alerting import drains as alerting
from evenfall.chat import drains as chat
from evenfall.foresight import drains as foresight
from evenfall.incidents import drains as incidents
from evenfall.integrations.slack import sockets as slack
from evenfall.integrations.telegram import polling as telegram
from evenfall.monitors import drains as monitors
from evenfall.notifications import drains as notifications
from evenfall.oncall import drains as oncall
from evenfall.paging import drains as paging
from evenfall.patterns import drains as patterns
from evenfall.platform import beats, reactions
from evenfall.platform.wakeups import Drain
from evenfall.postmortems import drains as postmortems
from evenfall.releases import drains as releases
from evenfall.rollouts import drains as rollouts
from evenfall.runbooks import drains as runbooks
from evenfall.slo import drains as slo
from evenfall.statuspages import drains as statuspages
from evenfall.triage import drains as triage

LANES = ("intake", "paging", "slow", "chat", "steps", "rollouts")
NEEDED = ("intake", "paging", "slow")
"""Without a worker for these the installation is not ready; the others it can do without."""


def drains(lanes: tuple[str, ...] = LANES) -> tuple[Drain, ...]:
    """Return the drains of these lanes: those of the domains and one for each reactor."""
    found = (
        *alerting.DRAINS,
        *monitors.DRAINS,
        *paging.DRAINS,
        *slo.DRAINS,
        *incidents.DRAINS,
        *foresight.DRAINS,
        *oncall.DRAINS,
        *notifications.DRAINS,
        *runbooks.DRAINS,
        *rollouts.DRAINS,
        *releases.DRAINS,
        *triage.DRAINS,
        *statuspages.DRAINS,
        *postmortems.DRAINS,
        *patterns.DRAINS,
        *chat.DRAINS,
        *slack.DRAINS,
        *telegram.DRAINS,
        *reactions.drains(),
        *map(beats.drain, LANES),
    )
    return tuple(drain for drain in found if drain.lane in lanes)
