"""Who is called and who hears what, over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from evenfall.catalog.ports import Environment
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.actions import ListenerWish
from evenfall.incidents.api.crew_schemas import CrewPersonOut
from evenfall.incidents.api.routing import router
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import Sev
from evenfall.platform.clock import utc_now


class ListenerOut(Schema):
    """For incidents at least as bad as `severity`, of `team` or of any.

    Who: `person`, or everybody in the team `group`.
    """

    id: int
    severity: Sev
    environment: Environment
    team: CrewPersonOut | None
    hears: Hears
    person: CrewPersonOut | None
    group: CrewPersonOut | None


class ListenersOut(Schema):
    items: list[ListenerOut]
    next: str | None = None


class ListenerIn(Schema):
    """Without `team_id` incidents of any team; who is either `user_id` or the team `group_id`."""

    severity: Sev
    hears: Hears
    environment: Environment = Environment.PROD
    team_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None


class ListenerMadeOut(Schema):
    id: int


class HearingLineOut(Schema):
    """`at`: when they were called or told last. `left_out`: people who may not see it.

    `was_here`: they were at work on it when they would have been called.
    """

    listener: ListenerOut
    at: datetime | None
    was_here: bool
    left_out: list[str]


class HearingOut(Schema):
    items: list[HearingLineOut]
    next: str | None = None


@router.get("/listeners", response=ListenersOut, auth=api_auth(Permission.VIEW))
def list_listeners(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Who is called and who hears what, by how bad an incident is."""
    return {"items": queries.listeners()}


@router.post("/listeners", response={201: ListenerMadeOut}, auth=api_auth(Permission.ADMINISTER))
def add_listener(request: HttpRequest, body: ListenerIn) -> Status[dict[str, int]]:
    """Let a person or a team be called for such incidents, or hear of them."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    made = actions.add_listener(wish=ListenerWish(**body.dict()), now=utc_now(), actor=viewer.actor)
    return Status(201, {"id": made})


@router.delete(
    "/listeners/{int:listener_id}", response={204: None}, auth=api_auth(Permission.ADMINISTER)
)
def remove_listener(request: HttpRequest, listener_id: int) -> Status[None]:
    """They are called for such incidents, or hear of them, no more."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.remove_listener(listener_id=listener_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(
    "/incidents/{int:incident_id}/listeners",
    response=HearingOut,
    auth=api_auth(Permission.VIEW),
)
def list_listeners_of_incident(request: HttpRequest, incident_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Who of the table is called to this incident or hears of it, and when they were last."""
    return {"items": queries.hearing_of(queries.incident(incident_id))}


class ApprovalRulesOut(Schema):
    """Public updates of these severities wait for a second person."""

    severities: list[Sev]


class ApprovalRulesIn(Schema):
    severities: list[Sev]


@router.get("/approval-rules", response=ApprovalRulesOut, auth=api_auth(Permission.VIEW))
def get_approval_rules(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """For which severities a second person approves what the public reads."""
    return {"severities": queries.approval_severities()}


@router.put("/approval-rules", response=ApprovalRulesOut, auth=api_auth(Permission.ADMINISTER))
def set_approval_rules(request: HttpRequest, body: ApprovalRulesIn) -> dict[str, Any]:
    """Let public updates of these severities, and of no others, wait for a second person."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.set_approval(severities=body.severities, now=utc_now(), actor=viewer.actor)
    return {"severities": queries.approval_severities()}
