"""Words of runbooks which other domains speak too."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a use went."""

    HELPED = "helped"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A team or a person; exactly one of the two is set."""

    team_id: int | None = None
    user_id: int | None = None
