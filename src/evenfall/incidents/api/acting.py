"""Acting on incidents over the API. Everything answers with the incident as it is afterwards."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import declarer_of, responder_of
from evenfall.incidents.queries import IncidentView
from evenfall.platform.clock import utc_now

_RESPOND = api_auth(Permission.RESPOND)
_VIA = "api"


@router.post("/incidents", response={201: schemas.IncidentOut}, auth=_RESPOND)
def declare(
    request: HttpRequest,
    body: schemas.DeclareIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[IncidentView]:
    """Declare an incident by hand, and page for it unless told not to.

    The same `Idempotency-Key` again answers with the incident that it declared, so that a request
    can be repeated when its answer was lost.
    """
    viewer = declarer_of(request, service_id=body.service_id, team_id=body.team_id)
    number = actions.declare_incident(
        **dict(body),
        request_key=idempotency_key,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.incident(number))


@router.post(
    "/incidents/{int:incident_id}/acknowledge", response=schemas.IncidentOut, auth=_RESPOND
)
def acknowledge(request: HttpRequest, incident_id: int) -> IncidentView:
    """Say "I have seen it": nobody else is called."""
    viewer = responder_of(request, incident_id)
    actions.acknowledge_incident(
        incident_id=incident_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
        via=_VIA,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/on-it", response=schemas.IncidentOut, auth=_RESPOND)
def mobilise(request: HttpRequest, incident_id: int) -> IncidentView:
    """Say "I'm on it": hands are on the keyboard."""
    viewer = responder_of(request, incident_id)
    actions.mobilise_incident(
        incident_id=incident_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
        via=_VIA,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/resolve", response=schemas.IncidentOut, auth=_RESPOND)
def resolve(
    request: HttpRequest, incident_id: int, body: schemas.ResolveIn | None = None
) -> IncidentView:
    """Say "it is over"; with `not_actionable` also that nobody should have been called."""
    viewer = responder_of(request, incident_id)
    actions.resolve_incident(
        incident_id=incident_id,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
        via=_VIA,
        not_actionable=body is not None and body.not_actionable,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/reopen", response=schemas.IncidentOut, auth=_RESPOND)
def reopen(
    request: HttpRequest, incident_id: int, body: schemas.ReopenIn | None = None
) -> IncidentView:
    """Say "it was not over", within three days of its end."""
    viewer = responder_of(request, incident_id)
    given = body or schemas.ReopenIn()
    actions.reopen_incident(
        incident_id=incident_id,
        why=given.why,
        page=given.page,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/merge", response=schemas.IncidentOut, auth=_RESPOND)
def merge(request: HttpRequest, incident_id: int, body: schemas.MergeIn) -> IncidentView:
    """Merge it into another one; the answer is the one it went into."""
    viewer = responder_of(request, incident_id, body.into_id)
    actions.merge_incidents(
        incident_id=incident_id, into_id=body.into_id, now=utc_now(), actor=viewer.actor
    )
    return queries.incident(body.into_id)


@router.put("/incidents/{int:incident_id}/severity", response=schemas.IncidentOut, auth=_RESPOND)
def set_severity(request: HttpRequest, incident_id: int, body: schemas.SeverityIn) -> IncidentView:
    """Set how bad it is, whatever the alerts say."""
    viewer = responder_of(request, incident_id)
    actions.set_severity(
        incident_id=incident_id, severity=body.severity, now=utc_now(), actor=viewer.actor
    )
    return queries.incident(incident_id)


@router.put("/incidents/{int:incident_id}/title", response=schemas.IncidentOut, auth=_RESPOND)
def rename(request: HttpRequest, incident_id: int, body: schemas.TitleIn) -> IncidentView:
    """Give it a better title."""
    viewer = responder_of(request, incident_id)
    actions.rename(incident_id=incident_id, title=body.title, now=utc_now(), actor=viewer.actor)
    return queries.incident(incident_id)


@router.put(
    "/incidents/{int:incident_id}/not-actionable", response=schemas.IncidentOut, auth=_RESPOND
)
def mark_not_actionable(
    request: HttpRequest, incident_id: int, body: schemas.NotActionableIn
) -> IncidentView:
    """Say that nobody should have been called for it, or take that back."""
    viewer = responder_of(request, incident_id)
    actions.mark_not_actionable(
        incident_id=incident_id,
        not_actionable=body.not_actionable,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.incident(incident_id)


@router.post("/incidents/{int:incident_id}/notes", response={201: schemas.NotesOut}, auth=_RESPOND)
def add_note(
    request: HttpRequest, incident_id: int, body: schemas.NoteIn
) -> Status[dict[str, Any]]:
    """Write a note in Markdown; the answer is all notes."""
    viewer = responder_of(request, incident_id)
    actions.add_note(
        incident_id=incident_id,
        text=body.text,
        happened_at=body.happened_at,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, {"items": queries.notes(incident_id)})


@router.post("/incidents/{int:incident_id}/page", response=schemas.StartedPagesOut, auth=_RESPOND)
def page_more(request: HttpRequest, incident_id: int, body: schemas.PageIn) -> dict[str, Any]:
    """Call more people to it."""
    viewer = responder_of(request, incident_id)
    page_ids = actions.page_more(
        incident_id=incident_id, **dict(body), now=utc_now(), actor=viewer.actor
    )
    return {"page_ids": page_ids}
