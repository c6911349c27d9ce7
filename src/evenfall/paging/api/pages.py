"""Pages over the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.paging import actions, queries
from evenfall.paging.api.types import Id, Text
from evenfall.paging.ports import Response, Urgency
from evenfall.paging.ports import Status as PageStatus
from evenfall.paging.queries import PageView
from evenfall.platform.clock import utc_now

router = Router(tags=["paging"])


class ContentOut(Schema):
    title: str
    severity: str | None
    service: str
    summary: str
    since: datetime | None
    alert_count: int
    url: str
    runbook_url: str
    dashboard_url: str
    last_change: str
    log_lines: list[str]


class PageOut(Schema):
    id: int
    subject: str
    status: PageStatus
    urgency: Urgency
    severity: str | None
    content: ContentOut
    service_id: int | None
    team_id: int | None
    policy_id: int
    policy_number: int
    round: int
    step: int
    due_at: datetime | None
    started_at: datetime
    started_by: str
    acknowledged_at: datetime | None
    acknowledge_by: datetime
    mobilised_at: datetime | None
    mobilise_by: datetime
    ended_at: datetime | None
    stop_reason: str
    holder_id: int | None
    people: list[str]


class PagesOut(Schema):
    items: list[PageOut]
    next: str | None


class AttemptOut(Schema):
    """One try over one provider; `took_s` is how long it took to answer, in seconds."""

    number: int
    via: str
    provider_id: str
    handed_over_at: datetime
    answered_at: datetime
    took_s: float
    accepted: bool
    delivered: bool | None
    """None until the provider reports."""
    reported_at: datetime | None
    detail: str
    cost: Decimal | None
    currency: str


class NoticeAnswerOut(Schema):
    action: str
    at: datetime


class PageNoticeOut(Schema):
    id: int
    user_id: int
    name: str
    kind: str
    channel: str
    urgency: str
    state: str
    reason: str
    planned_at: datetime
    due_at: datetime
    handed_over_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    read_at: datetime | None
    provider_id: str
    fallback_for_id: int | None
    """The message that did not arrive, in whose place this one went out."""
    attempts: list[AttemptOut]
    answers: list[NoticeAnswerOut]


class StoryEntryOut(Schema):
    at: datetime
    kind: str
    words: str
    details: list[str]
    notices: list[PageNoticeOut]


class PageStoryOut(Schema):
    items: list[StoryEntryOut]


class CallIn(Schema):
    """Page somebody: at least one of service, team, policy and user."""

    message: Text = Field(min_length=1, max_length=200)
    service_id: Id | None = None
    team_id: Id | None = None
    policy_id: Id | None = None
    user_id: Id | None = None
    urgency: Urgency = Urgency.HIGH


class AnswerIn(Schema):
    response: Response
    help_team_id: Id | None = None


class AnswerOut(Schema):
    page_id: int
    status: PageStatus
    reason: str


@router.get("/pages", response=PagesOut, auth=api_auth(Permission.VIEW))
def list_pages(
    request: HttpRequest,
    open_only: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    mine: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
) -> dict[str, Any]:
    """Pages, the newest first."""
    user_id = viewer_of(request).user_id if mine else None
    page = queries.pages_page(cursor=cursor, open_only=open_only, user_id=user_id)
    return {"items": page.items, "next": page.next_cursor}


@router.get("/pages/{int:page_id}", response=PageOut, auth=api_auth(Permission.VIEW))
def get_page(request: HttpRequest, page_id: int) -> PageView:  # noqa: ARG001 - ninja passes it
    """One page."""
    return queries.page(page_id)


@router.get("/pages/{int:page_id}/story", response=PageStoryOut, auth=api_auth(Permission.VIEW))
def get_story(request: HttpRequest, page_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Each step with who and why, each notice, each answer; the oldest first."""
    return {"items": queries.page_story(queries.page(page_id).id)}


@router.post("/pages", response={201: PageOut}, auth=api_auth(Permission.RESPOND))
def call(request: HttpRequest, body: CallIn) -> Status[PageView]:
    """Page somebody by hand."""
    _check_ids(body)
    page_id = actions.page_by_hand(
        message=body.message,
        service_id=body.service_id,
        team_id=body.team_id,
        policy_id=body.policy_id,
        user_id=body.user_id,
        urgency=body.urgency,
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return Status(201, queries.page(page_id))


@router.post(
    "/pages/{int:page_id}/responses", response=AnswerOut, auth=api_auth(Permission.RESPOND)
)
def respond(request: HttpRequest, page_id: int, body: AnswerIn) -> dict[str, Any]:
    """Answer a page. A late answer changes nothing; `reason` says so."""
    viewer = viewer_of(request)
    _check_team(viewer, queries.page(page_id))
    answered = actions.respond(
        page_id=page_id,
        response=body.response,
        user_id=viewer.user_id,
        via="api",
        help_team_id=body.help_team_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return {
        "page_id": answered.page_id,
        "status": answered.status,
        "reason": answered.reason.value,
    }


def _check_team(viewer: Viewer, page: PageView) -> None:
    if not queries.why_me(page.id, viewer.user_id):
        viewer.check(Permission.RESPOND, team_id=page.team_id)


def _check_ids(body: CallIn) -> None:
    """Raise the not-found error of whatever was named and is not there."""
    if body.service_id is not None:
        catalog_queries.service(body.service_id)
    if body.team_id is not None:
        identity_queries.team(body.team_id)
    if body.user_id is not None:
        identity_queries.person(body.user_id)
    if body.policy_id is not None:
        queries.policy(body.policy_id)
