"""Facts of identity.

`before` and `after` hold the fields that changed; a secret is never in them.
"""

from typing import Any, override

from msgspec import field

from evenfall.platform.events import Event


class _AboutUser(Event, frozen=True, kw_only=True):
    user_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.user_id}", "people")


class UserJoined(_AboutUser, frozen=True, kw_only=True):
    """Somebody has an account now. `via` is "invitation", "first_admin" or "sso"."""

    kind = "identity.user_joined"
    via: str


class UserChanged(_AboutUser, frozen=True, kw_only=True):
    """Name, role, zone or language changed."""

    kind = "identity.user_changed"


class UserDeactivated(_AboutUser, frozen=True, kw_only=True):
    """Somebody may no longer sign in; sessions and tokens ended with it."""

    kind = "identity.user_deactivated"


class UserReactivated(_AboutUser, frozen=True, kw_only=True):
    """Somebody may sign in again."""

    kind = "identity.user_reactivated"


class SignInChanged(_AboutUser, frozen=True, kw_only=True):
    """A password, second factor or passkey was set or removed. `what` names it."""

    kind = "identity.sign_in_changed"
    what: str


class SignedIn(_AboutUser, frozen=True, kw_only=True):
    """Somebody signed in, from this address."""

    kind = "identity.signed_in"
    address: str


class SessionsEnded(_AboutUser, frozen=True, kw_only=True):
    """`count` browsers were signed out."""

    kind = "identity.sessions_ended"
    count: int


class TokenCreated(_AboutUser, frozen=True, kw_only=True):
    """An API token was made; `after` has its name, scopes and expiry."""

    kind = "identity.token_created"
    token_id: int


class TokenRevoked(_AboutUser, frozen=True, kw_only=True):
    """An API token no longer works."""

    kind = "identity.token_revoked"
    token_id: int


class _AboutTeam(Event, frozen=True, kw_only=True):
    team_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", "teams")


class TeamCreated(_AboutTeam, frozen=True, kw_only=True):
    """There is a new team."""

    kind = "identity.team_created"


class TeamChanged(_AboutTeam, frozen=True, kw_only=True):
    """A team has another name or description."""

    kind = "identity.team_changed"


class TeamDeleted(_AboutTeam, frozen=True, kw_only=True):
    """A team that owned nothing is gone."""

    kind = "identity.team_deleted"


class MembershipChanged(_AboutTeam, frozen=True, kw_only=True):
    """Somebody joined (`before` empty), left (`after` empty) or has another role."""

    kind = "identity.membership_changed"
    user_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"team:{self.team_id}", f"user:{self.user_id}", "teams")


class _AboutInvitation(Event, frozen=True, kw_only=True):
    invitation_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"invitation:{self.invitation_id}", "people")


class Invited(_AboutInvitation, frozen=True, kw_only=True):
    """Somebody was invited; `after` has address, role, team and expiry."""

    kind = "identity.invited"


class InvitationRenewed(_AboutInvitation, frozen=True, kw_only=True):
    """The old link no longer works; a new one was made."""

    kind = "identity.invitation_renewed"


class InvitationRevoked(_AboutInvitation, frozen=True, kw_only=True):
    """An invitation was taken back."""

    kind = "identity.invitation_revoked"


class SettingsChanged(Event, frozen=True, kw_only=True):
    """An administrator changed the settings of the site."""

    kind = "identity.settings_changed"
    before: dict[str, Any]
    after: dict[str, Any]

    @override
    def subjects(self) -> tuple[str, ...]:
        return ("settings:site",)
