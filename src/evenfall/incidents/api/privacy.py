"""Private incidents over the API. Whoever may not see one gets "not found" from every operation."""

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.queries import IncidentView
from evenfall.platform.clock import utc_now

_RESPOND = api_auth(Permission.RESPOND)


class PrivacyIn(Schema):
    is_private: bool


class InsidersIn(Schema):
    user_ids: list[int] = Field(max_length=200)


@router.put("/incidents/{int:incident_id}/privacy", response=schemas.IncidentOut, auth=_RESPOND)
def set_privacy(request: HttpRequest, incident_id: int, body: PrivacyIn) -> IncidentView:
    """Let only those named see it, or everybody again."""
    viewer = responder_of(request, incident_id)
    actions.set_privacy(
        incident_id=incident_id,
        is_private=body.is_private,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/insiders", response=schemas.IncidentOut, auth=_RESPOND)
def add_insiders(request: HttpRequest, incident_id: int, body: InsidersIn) -> IncidentView:
    """Let these people see a private incident as well."""
    viewer = responder_of(request, incident_id)
    actions.add_insiders(
        incident_id=incident_id, user_ids=body.user_ids, now=utc_now(), actor=viewer.actor
    )
    return queries.incident(incident_id)
