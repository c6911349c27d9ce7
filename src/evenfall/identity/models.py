"""The tables of identity. Times are UTC; rows are written by `actions` only."""

from datetime import datetime
from typing import Any, ClassVar, override

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from evenfall.identity.permissions import TEAM_ROLES, Permission, Role

LANGUAGES = (
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt", "Português"),
)
_ROLES = [(role.value, role.value) for role in Role]
_TEAM_ROLES = [(role.value, role.value) for role in TEAM_ROLES]
_SCOPES = [(permission.value, permission.value) for permission in Permission]


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail address however it was typed."""

    @override
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who may sign in. The e-mail address is the sign-in name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=_ROLES, default=Role.OBSERVER.value)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="user_role_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="user_by_name")
        ]

    @override
    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Team(models.Model):
    """People who own services together."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="team_by_name")
        ]


class Membership(models.Model):
    """A user in a team. The role raises what the user may do with the team's things."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=_TEAM_ROLES, default=Role.RESPONDER.value)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in TEAM_ROLES]),
                name="membership_role_known",
            ),
        ]


class Invitation(models.Model):
    """The right to open one account. The link is signed from `id` and `nonce`."""

    email = models.EmailField()
    role = models.CharField(max_length=16, choices=_ROLES)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_lower"
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now


class ApiToken(models.Model):
    """A secret that acts for its user. Only its SHA-256 and its last characters are kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    token_hash = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    scopes = ArrayField(models.CharField(max_length=16, choices=_SCOPES))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-created_at"], name="token_by_user")
        ]


class SiteSettings(models.Model):
    """The one row of what administrators may change at run time (days are whole days)."""

    site_name = models.CharField(max_length=80, default="Evenfall")
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, choices=LANGUAGES, default="en")
    invitation_days = models.PositiveSmallIntegerField(default=7)
    token_days = models.PositiveSmallIntegerField(default=365)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="site_settings_one_row"),
            models.CheckConstraint(
                condition=models.Q(invitation_days__range=(1, 90)), name="site_invitation_days"
            ),
            models.CheckConstraint(
                condition=models.Q(token_days__range=(1, 3650)), name="site_token_days"
            ),
        ]


def as_dict(row: models.Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row, for the before and after of an event."""
    return {name: getattr(row, name) for name in fields}
