"""Operations on teams and their members."""

from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from evenfall.identity import actions, queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.api.people import PersonOut, RoleIn
from evenfall.identity.api.router import router
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


class TeamOut(Schema):
    id: int
    slug: str
    name: str
    description: str


class TeamsOut(Schema):
    items: list[TeamOut]
    next: str | None = None


class TeamIn(Schema):
    name: str
    description: str = ""


class MemberOut(Schema):
    person: PersonOut
    role: str


class MembersOut(Schema):
    items: list[MemberOut]
    next: str | None = None


@router.get("/teams", response=TeamsOut, auth=api_auth(Permission.VIEW))
def list_teams(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """All teams by name."""
    return {"items": queries.teams()}


@router.post("/teams", response={201: TeamOut}, auth=api_auth(Permission.MANAGE))
def create_team(request: HttpRequest, body: TeamIn) -> Status[queries.TeamView]:
    """Create a team."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    team_id = actions.create_team(**body.dict(), now=utc_now(), actor=viewer.actor)
    return Status(201, queries.team(team_id))


@router.get("/teams/{int:team_id}/members", response=MembersOut, auth=api_auth(Permission.VIEW))
def list_members(request: HttpRequest, team_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Who is in a team."""
    queries.team(team_id)
    return {"items": queries.team_members(team_id)}


@router.put(
    "/teams/{int:team_id}/members/{int:user_id}",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def set_member(request: HttpRequest, team_id: int, user_id: int, body: RoleIn) -> Status[None]:
    """Put somebody into a team, or change the role there."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    actions.set_member(
        team_id=team_id, user_id=user_id, role=body.role, now=utc_now(), actor=viewer.actor
    )
    return Status(204, None)


@router.delete(
    "/teams/{int:team_id}/members/{int:user_id}",
    response={204: None},
    auth=api_auth(Permission.MANAGE),
)
def remove_member(request: HttpRequest, team_id: int, user_id: int) -> Status[None]:
    """Take somebody out of a team."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE, team_id=team_id)
    actions.remove_member(team_id=team_id, user_id=user_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)
