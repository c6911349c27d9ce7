"""Reading incidents over the API."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries
from evenfall.incidents.api import schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.queries import Filters, IncidentView, Show
from evenfall.platform.clock import utc_now

_VIEW = api_auth(Permission.VIEW)


@router.get("/incidents", response=schemas.IncidentsOut, auth=_VIEW)
def list_incidents(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    state: Show = Show.LIVE,
    severity: Sev | None = None,
    service_id: int | None = None,
    team_id: int | None = None,
    environment: Environment | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Incidents, newest first; `state=live` are all that are not over."""
    filters = Filters(
        show=state,
        severity=severity,
        service_id=service_id,
        team_id=team_id,
        environment=environment,
        text=q,
    )
    page = queries.incidents_page(filters, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/incidents/similar", response=schemas.SimilarIncidentsOut, auth=_VIEW)
def list_similar(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    title: str,
    text: str = "",
    service_id: int | None = None,
) -> dict[str, Any]:
    """Incidents, open and past, that may be the one to declare, most likely first, and why."""
    found = queries.similar_to(title, text, service_id, now=utc_now())
    return {
        "items": [
            {"incident": one.view, "score": one.score, "reasons": one.reasons} for one in found
        ]
    }


@router.get("/incidents/{int:incident_id}", response=schemas.IncidentOut, auth=_VIEW)
def get_incident(request: HttpRequest, incident_id: int) -> IncidentView:  # noqa: ARG001 - ninja passes it
    """One incident."""
    return queries.incident(incident_id)


@router.get("/incidents/{int:incident_id}/alerts", response=schemas.IncidentAlertsOut, auth=_VIEW)
def list_alerts(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The alerts of an incident: open ones first, then the newest first."""
    queries.incident(incident_id)
    page = queries.alerts_page(incident_id, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/incidents/{int:incident_id}/notes", response=schemas.NotesOut, auth=_VIEW)
def list_notes(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The notes of an incident, oldest first."""
    queries.incident(incident_id)
    return {"items": queries.notes(incident_id)}


@router.get("/incidents/{int:incident_id}/story", response=schemas.IncidentStoryOut, auth=_VIEW)
def get_story(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What happened, in words, oldest first."""
    queries.incident(incident_id)
    return {"items": [schemas.line_of(told) for told in queries.incident_story(incident_id)]}


@router.get("/incidents/{int:incident_id}/export", response=schemas.ExportOut, auth=_VIEW)
def export_json(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Everything about an incident in one document."""
    export = queries.incident_export(incident_id)
    return {
        "incident": export.incident,
        "alerts": export.alerts,
        "notes": export.notes,
        "story": [schemas.line_of(told) for told in export.story],
    }


@router.get("/incidents/{int:incident_id}/export.md", auth=_VIEW)
def export_markdown(request: HttpRequest, incident_id: int) -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """The same document as Markdown; all times are UTC."""
    text = queries.as_markdown(queries.incident_export(incident_id))
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@router.get("/pages/{int:page_id}/chain", response=schemas.PageChainOut, auth=_VIEW)
def get_page_chain(request: HttpRequest, page_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The whole chain of a page: messages of tools, decision, incident, steps, tries, answers."""
    return queries.as_document(queries.page_chain(page_id), now=utc_now())
