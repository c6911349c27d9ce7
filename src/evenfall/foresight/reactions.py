"""What foresight does when something changes that decides who is reached."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from evenfall.alerting import events as alerting_events
from evenfall.catalog import events as catalog_events
from evenfall.foresight import actions
from evenfall.foresight.logic.kinds import Part
from evenfall.identity import events as identity_events
from evenfall.notifications import events as notifications_events
from evenfall.oncall import events as oncall_events
from evenfall.paging import events as paging_events
from evenfall.platform.events import Event, Recorded

_RULES: Final = (Part.RULES,)
_STAFF: Final = (Part.POLICIES, Part.ROTAS, Part.PEOPLE)
_REACH: Final = (Part.POLICIES, Part.PEOPLE)
_TEAMS: Final = (*_STAFF, Part.OWNERS)

TOUCHES: Final[Mapping[type[Event], tuple[Part, ...]]] = {
    alerting_events.RulesChanged: _RULES,
    alerting_events.InhibitionsChanged: _RULES,
    alerting_events.SilenceCreated: _RULES,
    alerting_events.SilenceChanged: _RULES,
    alerting_events.SilenceEnded: _RULES,
    alerting_events.MaintenanceCreated: _RULES,
    alerting_events.MaintenanceChanged: _RULES,
    alerting_events.MaintenanceEnded: _RULES,
    alerting_events.IntegrationChanged: (Part.OWNERS,),
    paging_events.PolicyChanged: (Part.POLICIES, Part.PEOPLE, Part.OWNERS),
    paging_events.PolicyAssigned: (Part.POLICIES, Part.PEOPLE, Part.OWNERS),
    paging_events.PersonalRulesChanged: (Part.PEOPLE,),
    oncall_events.RotaCreated: _STAFF,
    oncall_events.RotaChanged: _STAFF,
    oncall_events.RotaDeleted: _STAFF,
    oncall_events.OverrideAdded: _STAFF,
    oncall_events.OverrideCancelled: _STAFF,
    oncall_events.OverrideMoved: _STAFF,
    oncall_events.AbsenceAdded: _STAFF,
    oncall_events.AbsenceChanged: _STAFF,
    oncall_events.AbsenceCancelled: _STAFF,
    catalog_events.ServiceCreated: _TEAMS,
    catalog_events.ServiceChanged: _TEAMS,
    catalog_events.ServiceArchived: _TEAMS,
    catalog_events.ServiceRestored: _TEAMS,
    identity_events.TeamCreated: _TEAMS,
    identity_events.TeamDeleted: _TEAMS,
    identity_events.MembershipChanged: _TEAMS,
    identity_events.UserDeactivated: _TEAMS,
    identity_events.UserReactivated: _TEAMS,
    notifications_events.ContactMethodChanged: _REACH,
    notifications_events.ContactMethodBroken: _REACH,
    notifications_events.ProviderChanged: (Part.CHANNELS,),
}
"""Which parts of the lint a change can move; what is not here cannot move any."""
CHANGES: tuple[type[Event], ...] = tuple(TOUCHES)


def look_again(events: Sequence[Recorded[Event]], *, now: datetime) -> None:
    """However many changes there were, each part is looked at once for them."""
    asks = {(part, one.event.actor) for one in events for part in TOUCHES.get(type(one.event), ())}
    actions.ask_for_looks(asks=asks, now=now)
