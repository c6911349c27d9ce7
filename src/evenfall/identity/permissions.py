"""Roles, permissions and the viewer who holds them.

A role is a rung on one ladder, so that "may she?" is one comparison. A person has a role on
the site and may have a higher one inside a team; what counts is the higher of the two.
"""

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, override

from msgspec import Struct, field

from evenfall.identity import errors


class Role(enum.StrEnum):
    """How much is entrusted to somebody. Ordered: `Role.OBSERVER < Role.ADMIN`."""

    OBSERVER = "observer"
    STAKEHOLDER = "stakeholder"
    RESPONDER = "responder"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    # A StrEnum would compare its letters ("admin" < "observer"): the ladder must win.
    @override
    def __lt__(self, other: str) -> bool:
        return self.rank < Role(other).rank

    @override
    def __le__(self, other: str) -> bool:
        return self.rank <= Role(other).rank

    @override
    def __gt__(self, other: str) -> bool:
        return self.rank > Role(other).rank

    @override
    def __ge__(self, other: str) -> bool:
        return self.rank >= Role(other).rank


_RANKS: Final = {role: rank for rank, role in enumerate(Role)}
TEAM_ROLES = (Role.OBSERVER, Role.STAKEHOLDER, Role.RESPONDER, Role.MANAGER)
"""Nobody administers a team: administration is of the whole site."""


class Permission(enum.StrEnum):
    """What a route asks for. The same words are the scopes of API tokens."""

    VIEW = "view"
    """Read everything that is not somebody's own."""
    FOLLOW = "follow"
    """Subscribe to incidents and updates."""
    RESPOND = "respond"
    """Acknowledge, resolve, note, page somebody, silence, take a shift over."""
    MANAGE = "manage"
    """Change rotas, policies, services, integrations, rules and the members of a team."""
    ADMINISTER = "administer"
    """People, settings, everybody's tokens, export of the audit."""
    OWN = "own"
    """One's own profile, contact methods, tokens and sessions."""


_NEEDS = {
    Permission.VIEW: Role.OBSERVER,
    Permission.FOLLOW: Role.STAKEHOLDER,
    Permission.RESPOND: Role.RESPONDER,
    Permission.MANAGE: Role.MANAGER,
    Permission.ADMINISTER: Role.ADMIN,
    Permission.OWN: Role.OBSERVER,
}


def needed_role(permission: Permission) -> Role:
    """The lowest role which has this permission."""
    return _NEEDS[permission]


class Viewer(Struct, frozen=True, kw_only=True):
    """Whoever asks: a signed-in person, or a token that acts for one.

    `scopes` is None for a session, which may do whatever the person may do; a token may
    only do what both its scopes and its person may. `time_zone` is an IANA name.
    """

    user_id: int
    name: str
    role: Role
    team_roles: Mapping[int, Role] = field(default_factory=dict)
    time_zone: str = "UTC"
    language: str = "en"
    actor: str = ""
    scopes: frozenset[Permission] | None = None

    def can(self, permission: Permission, *, team_id: int | None = None) -> bool:
        """Whether this is allowed for things of that team (None: of the whole site)."""
        return self._in_scope(permission) and self._role_in(team_id) >= needed_role(permission)

    def can_somewhere(self, permission: Permission) -> bool:
        """Whether this is allowed on the site or in at least one team."""
        highest = max((self.role, *self.team_roles.values()), key=lambda role: role.rank)
        return self._in_scope(permission) and highest >= needed_role(permission)

    def check(self, permission: Permission, *, team_id: int | None = None) -> None:
        """Raise `Forbidden` unless `can`."""
        if not self.can(permission, team_id=team_id):
            self._refuse(permission)

    def check_somewhere(self, permission: Permission) -> None:
        """Raise `Forbidden` unless `can_somewhere`."""
        if not self.can_somewhere(permission):
            self._refuse(permission)

    def _refuse(self, permission: Permission) -> None:
        if not self._in_scope(permission):
            raise errors.ScopeMissing(scope=permission.value)
        raise errors.RoleTooLow(needed=needed_role(permission).value)

    def _in_scope(self, permission: Permission) -> bool:
        return self.scopes is None or permission in self.scopes

    def _role_in(self, team_id: int | None) -> Role:
        if team_id is None:
            return self.role
        return max(self.role, self.team_roles.get(team_id, self.role), key=lambda role: role.rank)


class Asker(enum.Enum):
    """Who asks when no person does."""

    SYSTEM = "system"
    """Work of our own, such as a drain: it sees everything."""
    NOBODY = "nobody"
    """A request that nobody has signed in for: it sees nothing that is private."""


_asker: ContextVar[Viewer | Asker] = ContextVar("asker", default=Asker.SYSTEM)


def who_asks() -> Viewer | Asker:
    """Return on whose behalf the code runs: what is private is read for those named only."""
    return _asker.get()


def now_asks(viewer: Viewer) -> None:
    """From here to the end of the request it is this person who asks."""
    if _asker.get() is not Asker.SYSTEM:
        _asker.set(viewer)


@contextmanager
def asked_by(who: Viewer | Asker) -> Iterator[None]:
    """Read on behalf of somebody."""
    token = _asker.set(who)
    try:
        yield
    finally:
        _asker.reset(token)
