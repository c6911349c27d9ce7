"""What the table of updates says of incidents as they are now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents import ports
from evenfall.incidents.logic import cadence
from evenfall.incidents.logic.cadence import Audience, Pace
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident, LongIncident
from evenfall.incidents.queries.views import IncidentView


class Pacing(Struct, frozen=True, kw_only=True):
    """What the table says of one incident as it is now."""

    level: int
    state: State
    is_long: bool
    is_production: bool
    is_visible: bool
    is_private: bool
    zone: ZoneInfo

    def wants(self, audience: Audience) -> bool:
        """Whether this audience is promised something by itself; a private one is for no public."""
        if self.is_private and audience is Audience.PUBLIC:
            return False
        return cadence.is_told(
            audience, self.level, production=self.is_production, visible=self.is_visible
        )

    def pace(self, audience: Audience, *, is_first: bool) -> Pace | None:
        if is_first:
            return cadence.first(audience, self.level)
        return cadence.pace(audience, self.level, state=self.state, is_long=self.is_long)

    def due(self, audience: Audience, at: datetime, *, is_first: bool = False) -> datetime | None:
        """When the next word is due that is promised at `at`; None: when something changes."""
        found = self.pace(audience, is_first=is_first)
        return None if found is None else cadence.due(found, at, zone=self.zone)


def pacings(incidents: Collection[Incident | IncidentView]) -> dict[int, Pacing]:
    """Return the pacing of each; a fixed number of queries."""
    ids = [row.id for row in incidents]
    long = set(LongIncident.objects.filter(incident_id__in=ids).values_list("pk", flat=True))
    visible = ports.visible({row.id: row.service_id for row in incidents})
    zone = ZoneInfo(identity_queries.site().time_zone)
    return {
        row.id: Pacing(
            level=cadence.level_of(row.severity),
            state=State(row.state),
            is_long=row.id in long,
            is_production=row.environment == Environment.PROD.value,
            is_visible=row.id in visible,
            is_private=row.is_private,
            zone=zone,
        )
        for row in incidents
    }


def pacing_of(view: IncidentView) -> Pacing | None:
    """What the table says of this one; None: it is not live."""
    return pacings([view])[view.id] if view.is_live else None


def suggested(pacing: Pacing | None, *, now: datetime) -> Mapping[Audience, datetime | None]:
    """When each audience would hear more after an update now; None: nothing is promised then."""
    if pacing is None:
        return dict.fromkeys(Audience)
    return {
        audience: pacing.due(audience, now) if pacing.wants(audience) else None
        for audience in Audience
    }
