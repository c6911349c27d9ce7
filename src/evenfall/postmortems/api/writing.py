"""Post-mortems over the API: reading, writing, steps, comments."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.postmortems import actions, queries
from evenfall.postmortems.api import schemas
from evenfall.postmortems.api.routing import router
from evenfall.postmortems.contexts import commenter_of, mover_of, starter_of, writer_of
from evenfall.postmortems.logic.states import State
from evenfall.postmortems.queries import LibraryFilters, PostmortemView, SectionView

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_ONE = "/postmortems/{int:postmortem_id}"


@router.get("/postmortems", response=schemas.PostmortemsOut, auth=_VIEW)
def list_postmortems(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    tag: str = "",
    factor: str = "",
    state: State | None = None,
    team_id: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Post-mortems, newest first; `q` looks into titles and all sections."""
    filters = LibraryFilters(text=q, tag=tag, factor=factor, state=state, team_id=team_id)
    page = queries.library(filters, cursor=cursor, size=limit)
    return {"items": page.items, "next": page.next_cursor}


@router.post(
    "/incidents/{int:incident_id}/postmortem", response={201: schemas.PostmortemOut}, auth=_RESPOND
)
def start_postmortem(request: HttpRequest, incident_id: int) -> Status[PostmortemView]:
    """Make the draft of an incident that is over, with the facts filled in."""
    viewer = starter_of(request, incident_id)
    number = actions.start_postmortem(
        incident_id=incident_id, owner_id=viewer.user_id, now=utc_now(), actor=viewer.actor
    )
    return Status(201, queries.postmortem(number))


@router.get(_ONE, response=schemas.PostmortemOut, auth=_VIEW)
def get_postmortem(request: HttpRequest, postmortem_id: int) -> PostmortemView:  # noqa: ARG001 - ninja passes it
    """One post-mortem without its text."""
    return queries.postmortem(postmortem_id)


@router.get(f"{_ONE}/sections", response=schemas.PostmortemSectionsOut, auth=_VIEW)
def list_sections(request: HttpRequest, postmortem_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Its text, section by section, in order."""
    queries.postmortem(postmortem_id)
    return {"items": queries.sections(postmortem_id)}


@router.put(
    f"{_ONE}/sections/{{int:section_id}}", response=schemas.PostmortemSectionOut, auth=_RESPOND
)
def save_section(
    request: HttpRequest, postmortem_id: int, section_id: int, body: schemas.PostmortemSectionIn
) -> SectionView:
    """Save a section; 409 where somebody saved it meanwhile, and nothing is lost."""
    viewer = writer_of(request, postmortem_id)
    actions.save_section(
        postmortem_id=postmortem_id,
        section_id=section_id,
        text=body.text,
        version=body.version,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.section(postmortem_id, section_id)


@router.post(f"{_ONE}/steps", response=schemas.PostmortemOut, auth=_RESPOND)
def move_postmortem(
    request: HttpRequest, postmortem_id: int, body: schemas.PostmortemStepIn
) -> PostmortemView:
    """Take a step: submit, approve, publish, close …"""
    viewer, doer = mover_of(request, postmortem_id, body.step)
    actions.move_postmortem(
        postmortem_id=postmortem_id, doer=doer, now=utc_now(), actor=viewer.actor, **dict(body)
    )
    return queries.postmortem(postmortem_id)


@router.put(f"{_ONE}/people", response=schemas.PostmortemOut, auth=_RESPOND)
def set_people(
    request: HttpRequest, postmortem_id: int, body: schemas.PostmortemPeopleIn
) -> PostmortemView:
    """Name the owner and the reviewers."""
    viewer = writer_of(request, postmortem_id)
    actions.set_people(postmortem_id=postmortem_id, now=utc_now(), actor=viewer.actor, **dict(body))
    return queries.postmortem(postmortem_id)


@router.put(f"{_ONE}/words", response=schemas.PostmortemOut, auth=_RESPOND)
def set_words(
    request: HttpRequest, postmortem_id: int, body: schemas.PostmortemWordsIn
) -> PostmortemView:
    """Replace tags and contributing factors."""
    viewer = writer_of(request, postmortem_id)
    actions.set_tags_and_factors(
        postmortem_id=postmortem_id,
        tags=body.tags,
        factor_names=body.factors,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.postmortem(postmortem_id)


@router.get(f"{_ONE}/comments", response=schemas.PostmortemCommentsOut, auth=_VIEW)
def list_comments(request: HttpRequest, postmortem_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What people said, oldest first."""
    queries.postmortem(postmortem_id)
    return {"items": queries.comments(postmortem_id)}


@router.post(
    f"{_ONE}/comments",
    response={201: schemas.PostmortemCommentsOut},
    auth=api_auth(Permission.FOLLOW),
)
def add_comment(
    request: HttpRequest, postmortem_id: int, body: schemas.PostmortemCommentIn
) -> Status[dict[str, Any]]:
    """Say something in Markdown; the answer is all comments."""
    viewer = commenter_of(request, postmortem_id)
    actions.add_comment(
        postmortem_id=postmortem_id, now=utc_now(), actor=viewer.actor, **dict(body)
    )
    return Status(201, {"items": queries.comments(postmortem_id)})


@router.put(
    f"{_ONE}/comments/{{int:comment_id}}",
    response=schemas.PostmortemCommentsOut,
    auth=api_auth(Permission.FOLLOW),
)
def settle_comment(
    request: HttpRequest,
    postmortem_id: int,
    comment_id: int,
    body: schemas.PostmortemCommentSettledIn,
) -> dict[str, Any]:
    """Say that nothing is open about a comment any more, or that something is again."""
    viewer = commenter_of(request, postmortem_id)
    actions.resolve_comment(
        postmortem_id=postmortem_id,
        comment_id=comment_id,
        is_resolved=body.is_resolved,
        now=utc_now(),
        actor=viewer.actor,
    )
    return {"items": queries.comments(postmortem_id)}


@router.get(f"{_ONE}/export.md", auth=_VIEW)
def export_postmortem(request: HttpRequest, postmortem_id: int) -> HttpResponse:  # noqa: ARG001 - ninja passes it
    """The whole of it as Markdown; all times are UTC."""
    text = queries.as_markdown(postmortem_id, now=utc_now())
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")
