"""Prepared posts over the API: no reader sees one before a person confirms it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, queries
from evenfall.statuspages.api.prepared_schemas import (
    PreparedDropIn,
    PreparedPostIn,
    PreparedPostOut,
    PreparedPostsOut,
    PreparedPublishIn,
)
from evenfall.statuspages.api.schemas import StatusPostOut
from evenfall.statuspages.contexts import teller_of
from evenfall.statuspages.queries import PostView, PreparedView

router = Router(tags=["statuspages"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ALL = "/status-pages/{int:status_page_id}/prepared-posts"
_ONE = f"{_ALL}/{{int:prepared_id}}"


@router.get(_ALL, response=PreparedPostsOut, auth=_VIEW)
def list_prepared_posts(request: HttpRequest, status_page_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What waits for a person on a page, the oldest first."""
    queries.page(status_page_id)
    return {"items": queries.waiting(status_page_id), "next": None}


@router.get("/incidents/{int:incident_id}/prepared-posts", response=PreparedPostsOut, auth=_VIEW)
def incident_prepared_posts(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What waits to be told of an incident, on all pages."""
    incidents_queries.incident(incident_id)
    return {"items": queries.waiting_of_incident(incident_id), "next": None}


@router.get(_ONE, response=PreparedPostOut, auth=_VIEW)
def get_prepared_post(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    status_page_id: int,
    prepared_id: int,
) -> PreparedView:
    """One prepared post, also after it was settled."""
    return queries.prepared(status_page_id, prepared_id)


@router.put(_ONE, response=PreparedPostOut, auth=_RESPOND)
def change_prepared_post(
    request: HttpRequest, status_page_id: int, prepared_id: int, body: PreparedPostIn
) -> PreparedView:
    """Find better words; still no reader sees them."""
    viewer, _ = teller_of(request, status_page_id)
    actions.change_prepared(
        status_page_id=status_page_id,
        prepared_id=prepared_id,
        title=body.title,
        text=body.text,
        statuses=body.statuses,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.prepared(status_page_id, prepared_id)


@router.post(f"{_ONE}/publish", response={201: StatusPostOut}, auth=_RESPOND)
def publish_prepared_post(
    request: HttpRequest, status_page_id: int, prepared_id: int, body: PreparedPublishIn
) -> Status[PostView]:
    """Tell readers what is prepared, word by word."""
    viewer, _ = teller_of(request, status_page_id)
    number = actions.publish_as_prepared(
        status_page_id=status_page_id,
        prepared_id=prepared_id,
        notify=body.notify,
        next_update_at=body.next_update_at,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.post(status_page_id, number))


@router.post(f"{_ONE}/drop", response=PreparedPostOut, auth=_RESPOND)
def drop_prepared_post(
    request: HttpRequest, status_page_id: int, prepared_id: int, body: PreparedDropIn
) -> PreparedView:
    """Tell readers nothing, and prepare nothing about this incident again."""
    viewer, _ = teller_of(request, status_page_id)
    actions.drop_prepared(
        status_page_id=status_page_id,
        prepared_id=prepared_id,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.prepared(status_page_id, prepared_id)
