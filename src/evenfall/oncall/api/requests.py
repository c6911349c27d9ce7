"""Cover and swap requests, and what any change would change."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.api import request_schemas as schemas
from evenfall.oncall.api.request_schemas import RequestsOfState
from evenfall.platform.clock import utc_now

router = Router()
BACK = {"back_at", "back_rota_id", "back_role", "back_part_starts_at", "back_part_ends_at"}
"""What names the shift taken in return."""


@router.post(
    "/rotas/{int:rota_id}/preview",
    response=schemas.ScheduleChangesOut,
    auth=api_auth(Permission.VIEW),
)
def preview_change(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rota_id: int,
    body: schemas.PreviewIn,
) -> queries.ScheduleDiff:
    """Who would have which role instead of whom. Nothing is saved."""
    plan = None
    if body.plan is not None:
        layers = [layer.spec() for layer in body.plan.layers]
        rule = body.plan.lieutenant.rule()
        checks.check_plan(layers, rule)
        plan = queries.coming_plan(layers, rule, now=utc_now())
    overrides = [schemas.override_spec(one) for one in body.overrides]
    return queries.schedule_diff(
        rota_id, starts_at=body.starts_at, ends_at=body.ends_at, overrides=overrides, plan=plan
    )


@router.get("/oncall-requests", response=schemas.RequestsOut, auth=api_auth(Permission.VIEW))
def list_requests(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    state: RequestsOfState = RequestsOfState.ALL,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Requests, the newest first; or only those nobody said yes to, the next shift first."""
    if state is RequestsOfState.LIVE:
        return {"items": queries.live_requests(), "next": None}
    items, following = queries.requests_page(cursor=cursor)
    return {"items": items, "next": following}


@router.post(
    "/oncall-requests", response={201: schemas.RequestOut}, auth=api_auth(Permission.RESPOND)
)
def create_request(request: HttpRequest, body: schemas.RequestIn) -> Status[queries.RequestView]:
    """Ask others to take a shift or a part of it, or one person to swap shifts or parts of them."""
    viewer, rota = viewer_of(request), queries.rota(body.rota_id)
    asker_id = body.asker_id or viewer.user_id
    own = asker_id == viewer.user_id
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=rota.team_id)
    returns = body.dict(include=BACK)
    given = body.dict(exclude={"asker_id", "way", *BACK})
    given |= {"asker_id": asker_id, "now": utc_now(), "actor": viewer.actor}
    if body.back_at is not None:
        if body.person_id is None:
            raise errors.PersonToAsk(field="person_id")
        request_id = actions.request_swap(**given, **returns)
    else:
        request_id = actions.request_cover(**given, way=body.way)
    return Status(201, queries.request(request_id))


@router.get(
    "/oncall-requests/{int:request_id}",
    response=schemas.RequestOut,
    auth=api_auth(Permission.VIEW),
)
def get_request(request: HttpRequest, request_id: int) -> queries.RequestView:  # noqa: ARG001 - ninja passes it
    """One request with everybody who was asked."""
    return queries.request(request_id)


@router.post(
    "/oncall-requests/{int:request_id}/accept",
    response=schemas.RequestOut,
    auth=api_auth(Permission.RESPOND),
)
def accept_request(
    request: HttpRequest, request_id: int, body: schemas.RequestAnswerIn
) -> queries.RequestView:
    """Say yes: the rota changes at once."""
    actions.accept_request(
        request_id=request_id,
        user_id=_answerer(request, request_id, body),
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.request(request_id)


@router.post(
    "/oncall-requests/{int:request_id}/decline",
    response=schemas.RequestOut,
    auth=api_auth(Permission.RESPOND),
)
def decline_request(
    request: HttpRequest, request_id: int, body: schemas.RequestAnswerIn
) -> queries.RequestView:
    """Say no: whoever comes next is asked."""
    actions.decline_request(
        request_id=request_id,
        user_id=_answerer(request, request_id, body),
        note=body.note,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return queries.request(request_id)


@router.post(
    "/oncall-requests/{int:request_id}/withdraw",
    response=schemas.RequestOut,
    auth=api_auth(Permission.RESPOND),
)
def withdraw_request(request: HttpRequest, request_id: int) -> queries.RequestView:
    """Take back a request that nobody said yes to."""
    viewer, shown = viewer_of(request), queries.request(request_id)
    own = viewer.user_id == shown.asker_id
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=shown.team_id)
    actions.withdraw_request(request_id=request_id, now=utc_now(), actor=viewer.actor)
    return queries.request(request_id)


@router.post(
    "/oncall-requests/{int:request_id}/undo",
    response=schemas.RequestOut,
    auth=api_auth(Permission.RESPOND),
)
def undo_request(request: HttpRequest, request_id: int) -> queries.RequestView:
    """Undo what was agreed: a manager of the teams at once, the two when both ask for it."""
    viewer, shown = viewer_of(request), queries.request(request_id)
    if viewer.user_id not in {shown.asker_id, shown.taker_id}:
        for team_id in shown.team_ids:
            viewer.check(Permission.MANAGE, team_id=team_id)
    is_manager = all(viewer.can(Permission.MANAGE, team_id=team_id) for team_id in shown.team_ids)
    actions.undo_request(
        request_id=request_id,
        user_id=viewer.user_id,
        is_manager=is_manager,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.request(request_id)


def _answerer(request: HttpRequest, request_id: int, body: schemas.RequestAnswerIn) -> int:
    """Who answers: the caller, or for a manager also somebody else."""
    viewer, shown = viewer_of(request), queries.request(request_id)
    user_id = body.user_id or viewer.user_id
    if user_id != viewer.user_id:
        viewer.check(Permission.MANAGE, team_id=shown.answering_team_id)
    elif not shown.is_put_to(user_id):
        viewer.check(Permission.RESPOND, team_id=shown.team_id)
    return user_id
