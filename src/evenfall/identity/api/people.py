"""Operations on people: me, the list, roles, invitations."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from evenfall.identity import actions, jobs, queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.api.router import router
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


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
