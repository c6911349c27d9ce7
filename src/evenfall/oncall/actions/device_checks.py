"""Whether the devices of those who come on call would ring: asked silently, before the shift."""

from datetime import datetime, timedelta
from typing import Final

from evenfall.notifications import actions as notifications_actions
from evenfall.oncall import queries
from evenfall.oncall.logic.handovers import PAGED

AHEAD: Final = timedelta(weeks=1)


def check_devices_ahead(*, now: datetime) -> int:
    """Check the devices of everybody on call within a week; returns how many were asked.

    Each is asked once a week, however often this runs.
    """
    shown = [rota.id for rota in queries.rotas()]
    spans = queries.schedules(shown, starts_at=now, ends_at=now + AHEAD)
    people = {span.user_id for found in spans.values() for span in found if span.role in PAGED}
    return len(notifications_actions.check_devices(user_ids=people, now=now))
