"""Facts of identity.

`before` and `after` hold the fields that changed; a secret is never in them.
"""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutUser(Event):
    user_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", "people")


@dataclass(frozen=True, kw_only=True)
class UserJoined(_AboutUser):
    """Somebody has an account now. `via` is "invitation", "first_admin" or "sso"."""

    kind = "identity.user_joined"
    via: str


@dataclass(frozen=True, kw_only=True)
class UserChanged(_AboutUser):
    """Name, role, zone or language changed."""

    kind = "identity.user_changed"


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(_AboutUser):
    """Somebody may no longer sign in; sessions and tokens ended with it."""

    kind = "identity.user_deactivated"


@dataclass(frozen=True, kw_only=True)
class UserReactivated(_AboutUser):
    """Somebody may sign in again."""

    kind = "identity.user_reactivated"


@dataclass(frozen=True, kw_only=True)
class SignInChanged(_AboutUser):
    """A password, second factor or passkey was set or removed. `what` names it."""

    kind = "identity.sign_in_changed"
    what: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(_AboutUser):
    """Somebody signed in, from this address."""

    kind = "identity.signed_in"
    address: str


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(_AboutUser):
    """`count` browsers were signed out."""

    kind = "identity.sessions_ended"
    count: int


@dataclass(frozen=True, kw_only=True)
class TokenCreated(_AboutUser):
    """An API token was made; `after` has its name, scopes and expiry."""

    kind = "identity.token_created"
    token_id: int


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(_AboutUser):
    """An API token no longer works."""

    kind = "identity.token_revoked"
    token_id: int


@dataclass(frozen=True, kw_only=True)
class _AboutTeam(Event):
    team_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", "teams")


@dataclass(frozen=True, kw_only=True)
class TeamCreated(_AboutTeam):
    """There is a new team."""

    kind = "identity.team_created"


@dataclass(frozen=True, kw_only=True)
class TeamChanged(_AboutTeam):
    """A team has another name or description."""

    kind = "identity.team_changed"


@dataclass(frozen=True, kw_only=True)
class TeamDeleted(_AboutTeam):
    """A team that owned nothing is gone."""

    kind = "identity.team_deleted"


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(_AboutTeam):
    """Somebody joined (`before` empty), left (`after` empty) or has another role."""

    kind = "identity.membership_changed"
    user_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", f"user:{self.user_id}", "teams")


@dataclass(frozen=True, kw_only=True)
class _AboutInvitation(Event):
    invitation_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"invitation:{self.invitation_id}", "people")


@dataclass(frozen=True, kw_only=True)
class Invited(_AboutInvitation):
    """Somebody was invited; `after` has address, role, team and expiry."""

    kind = "identity.invited"


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(_AboutInvitation):
    """The old link no longer works; a new one was made."""

    kind = "identity.invitation_renewed"


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(_AboutInvitation):
    """An invitation was taken back."""

    kind = "identity.invitation_revoked"


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):
    """An administrator changed the settings of the site."""

    kind = "identity.settings_changed"
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("settings:site",)
