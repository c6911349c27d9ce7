"""Who may be kept waiting in a storm, by whom, and for how long."""

from datetime import datetime, timedelta
from typing import Final

from evenfall.alerting import queries as alerting_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.drains import SENDER
from evenfall.platform import reactions
from evenfall.platform.giving_way import GivingWay
from evenfall.platform.jobs import LANE as SLOW_LANE
from evenfall.platform.wakeups import Drain

LATE: Final = timedelta(seconds=0.3)
# Between two batches of signals: sooner than elsewhere, since a long row is a storm already.
SOON: Final = timedelta(seconds=0.1)
# How long a drain rests by itself says whether it may be kept waiting.
RESTS_S: Final = 0.5
DECIDES: Final = "alerting.pipeline"
OPENS_INCIDENTS: Final = "react.incidents.alerts"


def are_calls_behind(now: datetime) -> bool:
    """Whether anything on the way to a call has waited for more than `LATE`: a storm."""
    return _wait_since(now - LATE) or alerting_queries.has_signals(before=now - LATE)


def are_calls_waiting(now: datetime) -> bool:
    """Whether an alert that was decided, or a notice of it, has waited for more than `SOON`."""
    return _wait_since(now - SOON)


def _wait_since(before: datetime) -> bool:
    return reactions.is_behind("paging", before=before) or notifications_queries.has_urgent(
        before=before
    )


# Who would be called for the next batch of signals stands behind those who wait already. A row
# that one small batch empties, as in a house that is not in a storm, never waits.
_TO_WAITING: Final = GivingWay(
    are_calls_waiting, look_every_s=0.05, longest_s=3.0, between_batches=True
)
_TO_CALLS: Final = GivingWay(are_calls_behind, look_every_s=0.5, longest_s=30.0)
# A storm is emptied from its end: most alerts of a storm join incidents whose people are about to
# be called, and to count them first would make the calls late.
_TO_SENDER: Final = GivingWay(lambda _now: SENDER.has_more, look_every_s=0.05, longest_s=2.0)


def gives_way(drain: Drain) -> GivingWay | None:
    """What keeps this drain waiting; None for most, which never wait."""
    if drain.name == DECIDES:
        return _TO_WAITING
    if drain.name == OPENS_INCIDENTS:
        return _TO_SENDER
    if drain.lane == SLOW_LANE and drain.rest_s >= RESTS_S:
        return _TO_CALLS
    return None
