"""The words of releases."""

import enum
from typing import Final


class Kind(enum.StrEnum):
    """Why a version goes out."""

    FEATURE = "feature"
    FIX = "fix"
    SECURITY = "security"
    P0 = "p0"
    ROLLBACK = "rollback"


URGENT: Final = frozenset({Kind.SECURITY, Kind.P0, Kind.ROLLBACK})
"""What an error budget that is used up does not hold."""


class Verdict(enum.StrEnum):
    """What a gate says. Unknown is never pass."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Scope(enum.StrEnum):
    """How far a window, a freeze or the stop button reaches, the narrowest first."""

    SERVICE = "service"
    TEAM = "team"
    SITE = "site"


SITE: Final = "the whole site"
"""How the widest scope is called."""


class ExceptionKind(enum.StrEnum):
    """Why somebody asks for an exception."""

    SECURITY = "security"
    P0 = "p0"
    THIRD_PARTY = "third_party"
    BUSINESS = "business"
    IRREVERSIBLE = "irreversible"
    OTHER = "other"


class ExceptionState(enum.StrEnum):
    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"
