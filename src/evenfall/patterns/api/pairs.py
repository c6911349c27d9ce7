"""What an incident is like, and what people say about it."""

from typing import Any

from django.http import HttpRequest

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.patterns import actions, queries
from evenfall.patterns.api import schemas
from evenfall.patterns.api.routing import router
from evenfall.patterns.contexts import judge_of
from evenfall.patterns.queries import SimilarView
from evenfall.platform.clock import utc_now

_ONE = "/incidents/{int:incident_id}/similar"


@router.get(_ONE, response=schemas.AlikeIncidentsOut, auth=api_auth(Permission.VIEW))
def similar_incidents(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Incidents like this one, best first, each with the parts of its score."""
    incidents_queries.incident(incident_id)
    found = queries.similar_to(incident_id, now=utc_now(), limit=20)
    return {"items": [_similar(one) for one in found]}


@router.post(_ONE, response=schemas.VerdictOut, auth=api_auth(Permission.RESPOND))
def judge_pair(
    request: HttpRequest, incident_id: int, body: schemas.VerdictIn
) -> dict[str, int | None]:
    """Say whether another incident is the same problem; a rejected one is not offered again."""
    viewer, now = judge_of(request, incident_id), utc_now()
    if body.verdict == "different":
        actions.reject_pair(
            incident_id=incident_id, other_id=body.other_id, now=now, actor=viewer.actor
        )
        return {"pattern_id": None}
    number = actions.confirm_pair(
        incident_id=incident_id, other_id=body.other_id, now=now, actor=viewer.actor
    )
    return {"pattern_id": number}


def _similar(one: SimilarView) -> dict[str, Any]:
    return {
        "incident_id": one.incident.id,
        "title": one.incident.title,
        "environment": one.incident.environment,
        "opened_at": one.incident.opened_at,
        "score": one.score,
        "parts": one.parts,
        "verdict": one.verdict,
        "pattern_id": one.pattern_id,
    }
