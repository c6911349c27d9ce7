"""Runners over the API. What they call themselves is at /runner/work/."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, queries
from evenfall.runbooks.queries import RunnerView

router = Router(tags=["runbooks"])


class RunnerOut(Schema):
    """`commands` are those that it said it allows; `is_there`: it asked within the last minute."""

    id: int
    name: str
    hint: str
    commands: Sequence[dict[str, Any]]
    created_at: datetime
    last_seen_at: datetime | None
    is_there: bool


class RunnersOut(Schema):
    items: list[RunnerOut]


class RunnerIn(Schema):
    name: str = Field(max_length=60)


class RunnerMade(Schema):
    """The token is told this once."""

    id: int
    token: str


@router.get("/runners", response=RunnersOut, auth=api_auth(Permission.RESPOND))
def list_runners(request: HttpRequest) -> dict[str, list[RunnerView]]:  # noqa: ARG001 - ninja passes it
    """Runners by name, without those that were revoked."""
    return {"items": queries.runners(now=utc_now())}


@router.post("/runners", response={201: RunnerMade}, auth=api_auth(Permission.ADMINISTER))
def create_runner(request: HttpRequest, body: RunnerIn) -> Status[dict[str, Any]]:
    """Make a runner; start `evenfall runner` with its token."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    number, token = actions.create_runner(name=body.name, now=utc_now(), actor=viewer.actor)
    return Status(201, {"id": number, "token": token})


@router.delete(
    "/runners/{int:runner_id}", response={204: None}, auth=api_auth(Permission.ADMINISTER)
)
def revoke_runner(request: HttpRequest, runner_id: int) -> Status[None]:
    """Make its token worthless; what waits for it is never done."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.revoke_runner(runner_id=runner_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)
