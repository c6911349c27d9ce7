"""Who does what in an incident, over the API."""

from typing import Any

from django.http import HttpRequest

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import crew_schemas as schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.queries import Crew, HandoverView, PeopleCost
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)


@router.get("/incidents/{int:incident_id}/roles", response=schemas.CrewOut, auth=_VIEW)
def get_roles(request: HttpRequest, incident_id: int) -> Crew:  # noqa: ARG001 - ninja passes it
    """Who has which role, who had one before, and how much time of people it took."""
    return _crew(incident_id)


@router.post("/incidents/{int:incident_id}/roles", response=schemas.CrewOut, auth=_RESPOND)
def give_role(request: HttpRequest, incident_id: int, body: schemas.GiveRoleIn) -> Crew:
    """Take a role or give it to somebody; whoever had it hands it over."""
    viewer = responder_of(request, incident_id)
    actions.give_role(
        incident_id=incident_id,
        role=body.role,
        user_id=viewer.user_id if body.user_id is None else body.user_id,
        next_steps=body.next_steps,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _crew(incident_id)


@router.post("/incidents/{int:incident_id}/roles/leave", response=schemas.CrewOut, auth=_RESPOND)
def leave_role(request: HttpRequest, incident_id: int, body: schemas.LeaveRoleIn) -> Crew:
    """Leave a role, or hand it to a successor; command always goes to somebody."""
    viewer = responder_of(request, incident_id)
    actions.leave_role(
        incident_id=incident_id,
        role=body.role,
        user_id=viewer.user_id if body.user_id is None else body.user_id,
        successor_id=body.successor_id,
        next_steps=body.next_steps,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _crew(incident_id)


@router.get("/incidents/{int:incident_id}/people-cost", response=schemas.PeopleCostOut, auth=_VIEW)
def get_people_cost(request: HttpRequest, incident_id: int) -> PeopleCost:  # noqa: ARG001 - ninja passes it
    """How long people had roles, until now. Time, never money."""
    queries.incident(incident_id)
    return queries.people_cost(incident_id, now=utc_now())


@router.get("/incidents/{int:incident_id}/handovers", response=schemas.HandoverCardsOut, auth=_VIEW)
def list_handovers(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What was handed over, newest first."""
    queries.incident(incident_id)
    return {"items": queries.handover_cards(incident_id)}


@router.post(
    "/incidents/{int:incident_id}/handovers/{int:handover_id}/read",
    response=schemas.HandoverCardOut,
    auth=_RESPOND,
)
def read_handover(request: HttpRequest, incident_id: int, handover_id: int) -> HandoverView:
    """Say that one has read what was handed over."""
    viewer = responder_of(request, incident_id)
    actions.read_handover(
        incident_id=incident_id,
        handover_id=handover_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.handover_card(incident_id, handover_id)


def _crew(incident_id: int) -> Crew:
    return queries.crew(queries.incident(incident_id), now=utc_now())
