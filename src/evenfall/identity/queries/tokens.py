"""Reads of API tokens. A secret is nowhere in them."""

from datetime import datetime

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity.models import ApiToken


class TokenView(Struct, frozen=True, kw_only=True):
    id: int
    user_id: int
    owner: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def tokens_of(user_id: int) -> list[TokenView]:
    """The tokens of one person that are not revoked, newest first."""
    return _tokens(ApiToken.objects.filter(user_id=user_id, revoked_at=None))


def all_tokens() -> list[TokenView]:
    """The tokens of everybody that are not revoked, newest first."""
    return _tokens(ApiToken.objects.filter(revoked_at=None))


def _tokens(rows: QuerySet[ApiToken]) -> list[TokenView]:
    return [
        TokenView(
            id=row.id,
            user_id=row.user_id,
            owner=row.user.name,
            name=row.name,
            hint=row.hint,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
        )
        for row in rows.select_related("user").order_by("-created_at", "-id")
    ]
