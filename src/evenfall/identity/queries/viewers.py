"""Who asks, and who did it."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection

from evenfall.identity.models import ApiToken, User
from evenfall.identity.permissions import Permission, Role, Viewer
from evenfall.identity.queries.people import names

# by hand, since every request asks
_ROLES: Final = "SELECT team_id, role FROM identity_membership WHERE user_id = %s ORDER BY id"


def viewer_of_user(
    user: User, *, actor: str | None = None, scopes: frozenset[Permission] | None = None
) -> Viewer:
    """What this person may do now; one query for the teams."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [user.id])
        rows = cursor.fetchall()
    return Viewer(
        user_id=user.id,
        name=user.name,
        role=Role(user.role),
        team_roles={team_id: Role(role) for team_id, role in rows},
        time_zone=user.time_zone,
        language=user.language,
        actor=actor or f"user:{user.id}",
        scopes=scopes,
    )


def viewer_by_id(user_id: int) -> Viewer | None:
    """What this person may do now; None for nobody, and for whoever may not sign in any more."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    return viewer_of_user(user) if user else None


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Names to show for the actors of events, such as "user:3" or "token:9".

    Actors of other kinds are left out.
    """
    split = {actor: actor.partition(":") for actor in actors}
    ids: dict[str, list[int]] = {"user": [], "token": []}
    for noun, _, number in split.values():
        if noun in ids and number.isdigit():
            ids[noun].append(int(number))
    users = {f"user:{number}": name for number, name in names(ids["user"]).items()}
    return {**users, **_token_names(ids["token"])}


def _token_names(ids: Sequence[int]) -> dict[str, str]:
    if not ids:
        return {}
    tokens = ApiToken.objects.filter(id__in=ids).select_related("user")
    return {f"token:{token.id}": f"{token.name} ({token.user.name})" for token in tokens}
