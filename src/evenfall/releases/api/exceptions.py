"""Exceptions over the API: the list, the decision, the look back."""

from typing import Any

from django.http import HttpRequest

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.api import schemas
from evenfall.releases.api.releases import VIEW
from evenfall.releases.api.routing import router
from evenfall.releases.contexts import keeper_of_service

MANAGE = api_auth(Permission.MANAGE)
_ONE = "/release-exceptions/{int:exception_id}"


@router.get("/release-exceptions", response=schemas.ReleaseExceptionsOut, auth=VIEW)
def list_exceptions(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    cursor: str | None = None,
) -> dict[str, Any]:
    """All exceptions, newest first."""
    page = queries.exceptions_page(cursor=cursor)
    return {"items": page.items, "next": page.next_cursor}


@router.post(f"{_ONE}/decide", response=schemas.ReleaseExceptionOut, auth=MANAGE)
def decide_exception(
    request: HttpRequest, exception_id: int, body: schemas.ExceptionDecisionIn
) -> queries.ExceptionView:
    """Sign it or refuse it; nobody decides about their own."""
    service_id = queries.exception(exception_id).service_id
    viewer = keeper_of_service(request, service_id, Permission.MANAGE)
    actions.decide_exception(
        exception_id=exception_id,
        is_signed=body.is_signed,
        reason=body.reason,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.exception(exception_id)


@router.post(f"{_ONE}/review", response=schemas.ReleaseExceptionOut, auth=MANAGE)
def review_exception(
    request: HttpRequest, exception_id: int, body: schemas.ExceptionReviewIn
) -> queries.ExceptionView:
    """Say what came of it."""
    service_id = queries.exception(exception_id).service_id
    viewer = keeper_of_service(request, service_id, Permission.MANAGE)
    actions.review_exception(
        exception_id=exception_id,
        review=body.review,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.exception(exception_id)
