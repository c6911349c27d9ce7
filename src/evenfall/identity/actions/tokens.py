"""API tokens: shown once, kept as a hash, limited to their scopes."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from evenfall.identity import errors, events, queries
from evenfall.identity.models import ApiToken
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.crypto import new_token, token_hash
from evenfall.platform.events import publish

PREFIX = "evf_"
_HINT_LENGTH = 4
# "Last used" is for people who tidy up; a write for every request would not be worth it.
_LAST_USED_STEP = timedelta(minutes=5)


@transaction.atomic
def create_token(
    *,
    user_id: int,
    name: str,
    scopes: Collection[str],
    days: int | None = None,
    now: datetime,
    actor: str,
) -> tuple[int, str]:
    """Return the id and the secret, which nobody can show again.

    `days` is how long it lives; None is as long as the site allows. Raises `NameMissing`,
    `UnknownScope` and `ExpiryOutOfRange`.
    """
    name = name.strip()
    if not name:
        raise errors.NameMissing(field="name")
    most = queries.site().token_days
    days = most if days is None else days
    if not 1 <= days <= most:
        raise errors.ExpiryOutOfRange(field="days", most=most)
    secret = new_token(PREFIX)
    token = ApiToken.objects.create(
        user_id=user_id,
        name=name[:120],
        token_hash=token_hash(secret),
        hint=secret[-_HINT_LENGTH:],
        scopes=_known_scopes(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    after = {"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at}
    publish(
        events.TokenCreated(token_id=token.id, user_id=user_id, after=after, at=now, actor=actor)
    )
    return token.id, secret


@transaction.atomic
def revoke_token(*, token_id: int, now: datetime, actor: str, owner_id: int | None = None) -> None:
    """End a token at once. With `owner_id` only a token of that person.

    Raises `TokenNotFound`, also for one that is revoked already.
    """
    rows = ApiToken.objects.select_for_update().filter(id=token_id, revoked_at=None)
    token = (rows if owner_id is None else rows.filter(user_id=owner_id)).first()
    if token is None:
        raise errors.TokenNotFound(token_id=token_id)
    revoke_rows([token], now=now, actor=actor)


def revoke_rows(tokens: Collection[ApiToken], *, now: datetime, actor: str) -> None:
    """End these tokens, which the caller has locked in its transaction."""
    ApiToken.objects.filter(id__in=[token.id for token in tokens]).update(revoked_at=now)
    publish(
        *[
            events.TokenRevoked(
                token_id=token.id,
                user_id=token.user_id,
                before={"name": token.name, "scopes": token.scopes},
                at=now,
                actor=actor,
            )
            for token in tokens
        ]
    )


def check_scopes(*, wanted: Collection[str], viewer: Viewer) -> None:
    """Raise `ScopeMissing` when a token would make one that may do more than itself."""
    if viewer.scopes is None:
        return
    missing = sorted(set(wanted) - viewer.scopes)
    if missing:
        raise errors.ScopeMissing(scope=missing[0])


def use_token(*, secret: str, now: datetime) -> Viewer | None:
    """Return whom a secret stands for, or None when it is unknown, expired or revoked."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(token_hash=token_hash(secret), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at <= now - _LAST_USED_STEP:
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return queries.viewer_of_user(
        token.user,
        actor=f"token:{token.id}",
        scopes=frozenset(Permission(scope) for scope in token.scopes),
    )


def _known_scopes(scopes: Collection[str]) -> list[str]:
    known = [permission.value for permission in Permission]
    if not scopes or not set(scopes) <= set(known):
        raise errors.UnknownScope(field="scopes", known=", ".join(known))
    return [scope for scope in known if scope in set(scopes)]
