"""Named reads of identity. They return plain values: a template can issue no SQL."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from evenfall.identity import errors
from evenfall.identity.models import ApiToken, Invitation, Membership, SiteSettings, Team, User
from evenfall.identity.permissions import Permission, Role, Viewer
from evenfall.platform import pages


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as others see them. `time_zone` is an IANA name, `language` a two-letter code."""

    id: int
    name: str
    email: str
    role: Role
    time_zone: str
    language: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class TeamView:
    id: int
    slug: str
    name: str
    description: str = ""
    member_count: int | None = None
    """None where nobody counted."""


@dataclass(frozen=True, kw_only=True)
class Member:
    person: Person
    role: Role


@dataclass(frozen=True, kw_only=True)
class InvitationView:
    id: int
    email: str
    role: Role
    team_id: int | None
    nonce: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, kw_only=True)
class TokenView:
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


@dataclass(frozen=True, kw_only=True)
class Site:
    """What administrators set for everybody."""

    site_name: str
    time_zone: str
    language: str
    invitation_days: int
    token_days: int


def people(ids: Collection[int]) -> dict[int, Person]:
    """The people with these ids; ids nobody has are left out."""
    return {user.id: _person(user) for user in User.objects.filter(id__in=ids)}


def person(user_id: int) -> Person:
    """Raise `UserNotFound` when there is none."""
    found = people([user_id])
    if user_id not in found:
        raise errors.UserNotFound(user_id=user_id)
    return found[user_id]


def person_by_email(email: str) -> Person | None:
    user = User.objects.filter(email=email.strip().lower()).first()
    return _person(user) if user else None


def active_people() -> list[Person]:
    """Everybody who may sign in, by name: for choices in forms."""
    return [_person(user) for user in User.objects.filter(is_active=True).order_by("name", "id")]


def people_page(*, text: str = "", cursor: str | None = None) -> pages.Page[User]:
    """Fifty people by name, of whom name or address contain the text."""
    return pages.keyset(_matching_people(text), order=("name", "id"), cursor=cursor, size=50)


def people_views(users: Iterable[User]) -> list[Person]:
    return [_person(user) for user in users]


def find_people(text: str, *, limit: int = 5) -> list[Person]:
    """The first people by name that match: for the search box."""
    matching = _matching_people(text).filter(is_active=True).order_by("name", "id")
    return [_person(user) for user in matching[:limit]]


def all_people() -> list[Person]:
    """Everybody, deactivated ones too: for the export."""
    return [_person(user) for user in User.objects.order_by("name", "id")]


def teams(ids: Collection[int] | None = None) -> list[TeamView]:
    """These teams by name, or all of them."""
    rows = Team.objects.order_by("name", "id")
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return [_team(team) for team in rows]


def teams_with_counts() -> list[TeamView]:
    """All teams by name with the number of their active members."""
    counted = Team.objects.annotate(
        member_count=Count("memberships", filter=Q(memberships__user__is_active=True))
    )
    return [_team(team, team.member_count) for team in counted.order_by("name", "id")]


def team(team_id: int) -> TeamView:
    """Raise `TeamNotFound` when there is none."""
    return _found(Team.objects.filter(id=team_id).first(), team_id)


def team_by_slug(slug: str) -> TeamView:
    """Raise `TeamNotFound` when there is none."""
    return _found(Team.objects.filter(slug=slug).first(), slug)


def find_teams(text: str, *, limit: int = 5) -> list[TeamView]:
    rows = Team.objects.filter(Q(name__icontains=text) | Q(slug__icontains=text))
    return [_team(team) for team in rows.order_by("name", "id")[:limit]]


def team_members(team_id: int) -> list[Member]:
    """The active members by name."""
    rows = Membership.objects.filter(team_id=team_id, user__is_active=True)
    return [
        Member(person=_person(row.user), role=Role(row.role))
        for row in rows.select_related("user").order_by("user__name", "user_id")
    ]


def team_leads(team_id: int) -> list[int]:
    """The ids of the active members who manage the team, oldest membership first."""
    rows = Membership.objects.filter(team_id=team_id, role=Role.MANAGER, user__is_active=True)
    return list(rows.order_by("created_at", "id").values_list("user_id", flat=True))


def team_ids_of(user_id: int) -> list[int]:
    return list(
        Membership.objects.filter(user_id=user_id)
        .order_by("team__name", "team_id")
        .values_list("team_id", flat=True)
    )


def viewer_of_user(
    user: User, *, actor: str | None = None, scopes: frozenset[Permission] | None = None
) -> Viewer:
    """What this person may do now; one query for the teams."""
    rows = Membership.objects.filter(user_id=user.id).values_list("team_id", "role")
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


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Names to show for the actors of events, such as "user:3" or "token:9".

    Actors of other kinds are left out.
    """
    split = {actor: actor.partition(":") for actor in actors}
    ids: dict[str, list[int]] = {"user": [], "token": []}
    for noun, _, number in split.values():
        if noun in ids and number.isdigit():
            ids[noun].append(int(number))
    users = {f"user:{user.id}": user.name for user in User.objects.filter(id__in=ids["user"])}
    return {**users, **_token_names(ids["token"])}


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


def tokens_of(user_id: int) -> list[TokenView]:
    """The tokens of one person that are not revoked, newest first."""
    return _tokens(ApiToken.objects.filter(user_id=user_id, revoked_at=None))


def all_tokens() -> list[TokenView]:
    """The tokens of everybody that are not revoked, newest first."""
    return _tokens(ApiToken.objects.filter(revoked_at=None))


def site() -> Site:
    """The settings of the site; the defaults while nobody changed them."""
    row = SiteSettings.objects.first() or SiteSettings()
    return Site(
        site_name=row.site_name,
        time_zone=row.time_zone,
        language=row.language,
        invitation_days=row.invitation_days,
        token_days=row.token_days,
    )


def has_administrator() -> bool:
    """Whether anybody can administer already; until then the first sign-in link works."""
    return User.objects.filter(role=Role.ADMIN, is_active=True).exists()


def _matching_people(text: str) -> QuerySet[User]:
    if not text:
        return User.objects.all()
    return User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))


def _person(user: User) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        role=Role(user.role),
        time_zone=user.time_zone,
        language=user.language,
        is_active=user.is_active,
    )


def _team(team: Team, member_count: int | None = None) -> TeamView:
    return TeamView(
        id=team.id,
        slug=team.slug,
        name=team.name,
        description=team.description,
        member_count=member_count,
    )


def _found(team: Team | None, key: object) -> TeamView:
    if team is None:
        raise errors.TeamNotFound(team=key)
    return _team(team)


def _token_names(ids: Sequence[int]) -> dict[str, str]:
    if not ids:
        return {}
    tokens = ApiToken.objects.filter(id__in=ids).select_related("user")
    return {f"token:{token.id}": f"{token.name} ({token.user.name})" for token in tokens}


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
