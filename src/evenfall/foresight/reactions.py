"""What foresight does when something changes that decides who is reached."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.alerting import events as alerting_events
from evenfall.foresight import actions
from evenfall.oncall import events as oncall_events
from evenfall.paging import events as paging_events
from evenfall.platform.events import Event, Recorded

CHANGES: tuple[type[Event], ...] = (
    alerting_events.RulesChanged,
    alerting_events.InhibitionsChanged,
    alerting_events.SilenceCreated,
    alerting_events.SilenceEnded,
    alerting_events.MaintenanceCreated,
    alerting_events.MaintenanceChanged,
    alerting_events.MaintenanceEnded,
    paging_events.PolicyChanged,
    paging_events.PolicyAssigned,
    oncall_events.RotaCreated,
    oncall_events.RotaChanged,
    oncall_events.RotaDeleted,
)


def look_again(events: Sequence[Recorded[Event]], *, now: datetime) -> None:  # noqa: ARG001 - a reactor gets it
    """However many changes there were, everything is looked at once."""
    actions.ask_for_look(now=now)
