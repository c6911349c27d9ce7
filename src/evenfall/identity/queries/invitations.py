"""Reads of invitations."""

from datetime import datetime

from msgspec import Struct

from evenfall.identity import errors
from evenfall.identity.models import Invitation
from evenfall.identity.permissions import Role


class InvitationView(Struct, frozen=True, kw_only=True):
    id: int
    email: str
    role: Role
    team_id: int | None
    nonce: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


def open_invitations(now: datetime) -> list[InvitationView]:
    """Invitations nobody took yet, newest first; expired ones too, so that they can be renewed."""
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    return [
        _invitation(row, now) for row in rows.select_related("invited_by").order_by("-created_at")
    ]


def invitation(invitation_id: int, *, now: datetime) -> InvitationView:
    """An open, possibly expired invitation; raise `InvitationNotFound` for others."""
    rows = Invitation.objects.filter(id=invitation_id, accepted_at=None, revoked_at=None)
    row = rows.select_related("invited_by").first()
    if row is None:
        raise errors.InvitationNotFound(invitation_id=invitation_id)
    return _invitation(row, now)


def _invitation(row: Invitation, now: datetime) -> InvitationView:
    return InvitationView(
        id=row.id,
        email=row.email,
        role=Role(row.role),
        team_id=row.team_id,
        nonce=row.nonce,
        invited_by=row.invited_by.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        is_expired=row.expires_at <= now,
    )
