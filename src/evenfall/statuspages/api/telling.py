"""Posts and maintenance over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import queries as incidents_queries
from evenfall.platform.clock import utc_now
from evenfall.statuspages import actions, queries
from evenfall.statuspages.api.schemas import (
    IncidentPostsOut,
    StatusPostIn,
    StatusPostOut,
    StatusPostsOut,
    StatusRetractIn,
    StatusUpdateIn,
    StatusWorkIn,
    StatusWorkOut,
    StatusWorksOut,
    StatusWorkStepIn,
)
from evenfall.statuspages.contexts import teller_of
from evenfall.statuspages.queries import PostView, WorkView

router = Router(tags=["statuspages"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/status-pages/{int:status_page_id}"
_POST = f"{_ONE}/posts/{{int:post_id}}"
_WORK = f"{_ONE}/maintenance/{{int:work_id}}"


@router.get(f"{_ONE}/posts", response=StatusPostsOut, auth=_VIEW)
def list_status_posts(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    status_page_id: int,
    cursor: str | None = None,
    limit: int = 25,
) -> dict[str, Any]:
    """The newest first."""
    queries.page(status_page_id)
    found = queries.posts_page(status_page_id, cursor=cursor, size=limit)
    return {"items": found.items, "next": found.next_cursor}


@router.post(f"{_ONE}/posts", response={201: StatusPostOut}, auth=_RESPOND)
def start_status_post(
    request: HttpRequest, status_page_id: int, body: StatusPostIn
) -> Status[PostView]:
    """Tell readers of something new."""
    viewer, _ = teller_of(request, status_page_id)
    number = actions.start_post(
        status_page_id=status_page_id,
        title=body.title,
        first=body.wish(),
        incident_id=body.incident_id,
        impact=body.impact,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.post(status_page_id, number))


@router.get(_POST, response=StatusPostOut, auth=_VIEW)
def get_status_post(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    status_page_id: int,
    post_id: int,
) -> PostView:
    """One post with its updates, the newest first."""
    return queries.post(status_page_id, post_id)


@router.post(f"{_POST}/updates", response={201: StatusPostOut}, auth=_RESPOND)
def update_status_post(
    request: HttpRequest, status_page_id: int, post_id: int, body: StatusUpdateIn
) -> Status[PostView]:
    """Tell readers more."""
    viewer, _ = teller_of(request, status_page_id)
    actions.post_update(
        status_page_id=status_page_id,
        post_id=post_id,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.post(status_page_id, post_id))


@router.put(f"{_POST}/updates/{{int:update_id}}", response=StatusPostOut, auth=_RESPOND)
def correct_status_update(
    request: HttpRequest, status_page_id: int, post_id: int, update_id: int, body: StatusUpdateIn
) -> PostView:
    """Correct what was said; it is marked as edited and nobody is told."""
    viewer, _ = teller_of(request, status_page_id)
    actions.edit_update(
        status_page_id=status_page_id,
        post_id=post_id,
        update_id=update_id,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.post(status_page_id, post_id)


@router.post(f"{_POST}/retract", response=StatusPostOut, auth=_RESPOND)
def retract_status_post(
    request: HttpRequest, status_page_id: int, post_id: int, body: StatusRetractIn
) -> PostView:
    """Say that the post was wrong; it stays on the page, marked."""
    viewer, _ = teller_of(request, status_page_id)
    actions.retract_post(
        status_page_id=status_page_id,
        post_id=post_id,
        reason=body.reason,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.post(status_page_id, post_id)


@router.get(f"{_ONE}/maintenance", response=StatusWorksOut, auth=_VIEW)
def list_status_maintenance(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    status_page_id: int,
    cursor: str | None = None,
    limit: int = 25,
) -> dict[str, Any]:
    """By when it starts, the last first."""
    queries.page(status_page_id)
    found = queries.works_page(status_page_id, cursor=cursor, size=limit)
    return {"items": found.items, "next": found.next_cursor}


@router.post(f"{_ONE}/maintenance", response={201: StatusWorkOut}, auth=_RESPOND)
def plan_status_maintenance(
    request: HttpRequest, status_page_id: int, body: StatusWorkIn
) -> Status[WorkView]:
    """Announce a maintenance; it starts and ends by itself unless told otherwise."""
    viewer, _ = teller_of(request, status_page_id)
    number = actions.plan_work(
        status_page_id=status_page_id, wish=body.wish(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.work(status_page_id, number))


@router.get(_WORK, response=StatusWorkOut, auth=_VIEW)
def get_status_maintenance(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    status_page_id: int,
    work_id: int,
) -> WorkView:
    """One maintenance with what was told of it."""
    return queries.work(status_page_id, work_id)


@router.put(_WORK, response=StatusWorkOut, auth=_RESPOND)
def change_status_maintenance(
    request: HttpRequest, status_page_id: int, work_id: int, body: StatusWorkIn
) -> WorkView:
    """Plan it otherwise; readers are told of a moved window."""
    viewer, _ = teller_of(request, status_page_id)
    actions.change_work(
        status_page_id=status_page_id,
        work_id=work_id,
        wish=body.wish(),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.work(status_page_id, work_id)


@router.post(f"{_WORK}/steps", response=StatusWorkOut, auth=_RESPOND)
def step_status_maintenance(
    request: HttpRequest, status_page_id: int, work_id: int, body: StatusWorkStepIn
) -> WorkView:
    """Start, verify, complete or cancel it now, or only tell how it goes."""
    viewer, _ = teller_of(request, status_page_id)
    about: dict[str, Any] = {"now": utc_now(), "actor": viewer.actor, "text": body.text}
    if body.state is None:
        actions.note_work(status_page_id=status_page_id, work_id=work_id, **about)
    else:
        actions.step_work(status_page_id=status_page_id, work_id=work_id, state=body.state, **about)
    return queries.work(status_page_id, work_id)


@router.get("/incidents/{int:incident_id}/status-posts", response=IncidentPostsOut, auth=_VIEW)
def incident_status_posts(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What readers were told of an incident, on all pages."""
    incidents_queries.incident(incident_id)
    return IncidentPostsOut.of(queries.posts_of_incident(incident_id))
