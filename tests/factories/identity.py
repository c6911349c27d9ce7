"""People, teams and tokens for tests. Times are `NOW` unless given."""

import itertools
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.test import Client

from evenfall.identity.models import ApiToken, Invitation, Membership, Team, User
from evenfall.identity.permissions import Permission, Viewer
from evenfall.identity.queries import viewer_of_user
from evenfall.platform.crypto import new_token, token_hash

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
_numbers = itertools.count(1)


def make_user(
    name: str = "Ada",
    role: str = "responder",
    *,
    email: str | None = None,
    time_zone: str = "UTC",
    language: str = "en",
    is_active: bool = True,
    password: str | None = None,
    now: datetime = NOW,
) -> User:
    """A person; the address is made unique from the name unless given."""
    number = next(_numbers)
    user = User(
        email=email or f"{name.lower().replace(' ', '.')}.{number}@example.org",
        name=name,
        role=role,
        time_zone=time_zone,
        language=language,
        is_active=is_active,
        created_at=now,
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_team(
    name: str = "Payments",
    *,
    slug: str | None = None,
    members: Collection[User] = (),
    leads: Collection[User] = (),
    now: datetime = NOW,
) -> Team:
    """A team with responders (`members`) and managers (`leads`)."""
    slug = slug or f"{name.lower().replace(' ', '-')}-{next(_numbers)}"
    team = Team.objects.create(slug=slug, name=name, created_at=now)
    for user in members:
        make_membership(team, user, now=now)
    for user in leads:
        make_membership(team, user, role="manager", now=now)
    return team


def make_membership(
    team: Team, user: User, role: str = "responder", *, now: datetime = NOW
) -> Membership:
    return Membership.objects.create(team=team, user=user, role=role, created_at=now)


def make_token(
    user: User,
    *,
    scopes: Collection[Permission] = tuple(Permission),
    name: str = "laptop",
    expires_at: datetime | None = None,
    now: datetime = NOW,
) -> str:
    """A token in the table; returns the secret to send."""
    secret = new_token("evf_")
    ApiToken.objects.create(
        user=user,
        name=name,
        token_hash=token_hash(secret),
        hint=secret[-4:],
        scopes=[scope.value for scope in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    return secret


def make_invitation(
    invited_by: User,
    *,
    email: str = "grace@example.org",
    role: str = "responder",
    now: datetime = NOW,
) -> Invitation:
    return Invitation.objects.create(
        email=email,
        role=role,
        nonce=new_token(""),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )


def viewer(user: User) -> Viewer:
    """What the guard would put on the request."""
    return viewer_of_user(user)


def signed_in(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client
