"""The REST API of identity: me, people, teams, tokens, audit."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from evenfall.identity import actions, jobs, queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now

router = Router(tags=["identity"])


class PersonOut(Schema):
    id: int
    name: str
    email: str
    role: str
    time_zone: str
    language: str
    is_active: bool


class PeopleOut(Schema):
    items: list[PersonOut]
    next: str | None


class MeOut(Schema):
    person: PersonOut
    team_roles: dict[int, str]
    scopes: list[str] | None
    """None for a browser session, which may do whatever the person may do."""


class ProfileIn(Schema):
    name: str
    time_zone: str
    language: str


class RoleIn(Schema):
    role: str


class InvitationIn(Schema):
    email: str
    role: str
    team_id: int | None = None


class InvitationOut(Schema):
    id: int
    link: str
    expires_at: datetime


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


class TokenIn(Schema):
    name: str
    scopes: list[str]
    days: int | None = None


class TokenOut(Schema):
    id: int
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokensOut(Schema):
    items: list[TokenOut]
    next: str | None = None


class NewTokenOut(Schema):
    id: int
    token: str


class AuditOut(Schema):
    id: int
    at: datetime
    kind: str
    actor: str
    actor_name: str
    subjects: list[str]
    data: dict[str, Any]


class AuditPageOut(Schema):
    items: list[AuditOut]
    next: int | None


@router.get("/me", response=MeOut, auth=api_auth(Permission.OWN))
def me(request: HttpRequest) -> dict[str, Any]:
    """Whom the session or token stands for."""
    viewer = viewer_of(request)
    return {
        "person": queries.person(viewer.user_id),
        "team_roles": dict(viewer.team_roles),
        "scopes": None if viewer.scopes is None else sorted(viewer.scopes),
    }


@router.put("/me", response=PersonOut, auth=api_auth(Permission.OWN))
def change_me(request: HttpRequest, body: ProfileIn) -> queries.Person:
    """Change one's own name, zone and language."""
    viewer = viewer_of(request)
    actions.change_profile(user_id=viewer.user_id, **body.dict(), now=utc_now(), actor=viewer.actor)
    return queries.person(viewer.user_id)


@router.get("/people", response=PeopleOut, auth=api_auth(Permission.VIEW))
def list_people(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    q: str = "",
    cursor: str | None = None,
) -> dict[str, Any]:
    """People by name."""
    page = queries.people_page(text=q, cursor=cursor)
    return {"items": queries.people_views(page.items), "next": page.next_cursor}


@router.get("/people/{int:user_id}", response=PersonOut, auth=api_auth(Permission.VIEW))
def get_person(request: HttpRequest, user_id: int) -> queries.Person:  # noqa: ARG001 - ninja passes it
    """One person."""
    return queries.person(user_id)


@router.put("/people/{int:user_id}/role", response=PersonOut, auth=api_auth(Permission.ADMINISTER))
def change_role(request: HttpRequest, user_id: int, body: RoleIn) -> queries.Person:
    """Give a role on the site."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.change_role(user_id=user_id, role=body.role, now=utc_now(), actor=viewer.actor)
    return queries.person(user_id)


@router.post(
    "/people/{int:user_id}/deactivate", response=PersonOut, auth=api_auth(Permission.ADMINISTER)
)
def deactivate(request: HttpRequest, user_id: int) -> queries.Person:
    """Shut somebody out, with sessions and tokens."""
    actions.deactivate_user(user_id=user_id, now=utc_now(), actor=viewer_of(request).actor)
    return queries.person(user_id)


@router.post(
    "/people/{int:user_id}/reactivate", response=PersonOut, auth=api_auth(Permission.ADMINISTER)
)
def reactivate(request: HttpRequest, user_id: int) -> queries.Person:
    """Let somebody sign in again."""
    actions.reactivate_user(user_id=user_id, now=utc_now(), actor=viewer_of(request).actor)
    return queries.person(user_id)


@router.post("/invitations", response={201: InvitationOut}, auth=api_auth(Permission.ADMINISTER))
def invite(request: HttpRequest, body: InvitationIn) -> Status[dict[str, Any]]:
    """Invite somebody; the link is mailed and in the answer."""
    viewer, now = viewer_of(request), utc_now()
    invitation_id = jobs.invite_by_mail(
        **body.dict(), invited_by=viewer.user_id, now=now, actor=viewer.actor
    )
    invitation = queries.invitation(invitation_id, now=now)
    link = actions.invitation_link(invitation_id=invitation_id, now=now)
    return Status(201, {"id": invitation_id, "link": link, "expires_at": invitation.expires_at})


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


@router.get("/tokens", response=TokensOut, auth=api_auth(Permission.OWN))
def list_tokens(request: HttpRequest) -> dict[str, Any]:
    """One's own tokens, without their secrets."""
    return {"items": queries.tokens_of(viewer_of(request).user_id)}


@router.post("/tokens", response={201: NewTokenOut}, auth=api_auth(Permission.OWN))
def create_token(request: HttpRequest, body: TokenIn) -> Status[dict[str, Any]]:
    """Create a token. The answer is the only place where its secret is shown.

    A token can make others, but none that may do more than itself.
    """
    viewer = viewer_of(request)
    actions.check_scopes(wanted=body.scopes, viewer=viewer)
    token_id, secret = actions.create_token(
        user_id=viewer.user_id, **body.dict(), now=utc_now(), actor=viewer.actor
    )
    return Status(201, {"id": token_id, "token": secret})


@router.delete("/tokens/{int:token_id}", response={204: None}, auth=api_auth(Permission.OWN))
def revoke_token(request: HttpRequest, token_id: int) -> Status[None]:
    """End a token at once; administrators may end anybody's."""
    viewer = viewer_of(request)
    owner_id = None if viewer.can(Permission.ADMINISTER) else viewer.user_id
    actions.revoke_token(token_id=token_id, owner_id=owner_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get("/audit", response=AuditPageOut, auth=api_auth(Permission.ADMINISTER))
def list_audit(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    actor: str = "",
    domain: str = "",
    subject: str = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: int | None = None,
) -> dict[str, Any]:
    """Changes, newest first."""
    wanted = queries.AuditFilter(
        actor=actor, domain=domain, subject=subject, since=since, until=until
    )
    lines, following = queries.audit(wanted, before_id=cursor)
    return {"items": [queries.audit_record(line) for line in lines], "next": following}
