"""Operations on one's own tokens."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from evenfall.identity import actions, queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.api.router import router
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now


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
