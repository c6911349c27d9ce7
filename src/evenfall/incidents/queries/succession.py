"""Who would command an incident next."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.incidents.logic import roles
from evenfall.incidents.logic.roles import CrewRole, Heir
from evenfall.incidents.models import RoleAssignment
from evenfall.oncall import queries as oncall_queries


def next_commander(
    incident_id: int, *, team_id: int | None, leaving_id: int, now: datetime
) -> Heir | None:
    """Return who commands when this person leaves: the deputy, else a lieutenant on call."""
    deputies = RoleAssignment.objects.filter(
        incident_id=incident_id, role=CrewRole.DEPUTY.value, ended_at=None
    )
    return roles.heir(
        leaving_id=leaving_id,
        named_id=None,
        deputy_id=deputies.values_list("user_id", flat=True).first(),
        lieutenant_ids=_lieutenants(team_id, now=now),
    )


def _lieutenants(team_id: int | None, *, now: datetime) -> Sequence[int]:
    """Return the lieutenants on call at the rotas of a team, by name of the rota."""
    if team_id is None:
        return []
    rota_ids = [rota.id for rota in oncall_queries.rotas_of_team(team_id)]
    found = oncall_queries.on_call_at(rota_ids, at=now, with_next=False)
    seconds = (found[rota_id].lieutenant for rota_id in rota_ids)
    return [duty.user_id for duty in seconds if duty is not None]
