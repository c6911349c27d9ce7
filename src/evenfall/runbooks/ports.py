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


def owner_word(owner: Owner) -> str:
    """The owner in one word for a form: "team:3" or "user:5"."""
    return f"team:{owner.team_id}" if owner.team_id is not None else f"user:{owner.user_id}"


def owner_of(word: str) -> Owner:
    """Read what `owner_word` wrote; anything else is nobody."""
    kind, _, number = word.partition(":")
    known = number_of(number)
    return Owner(
        team_id=known if kind == "team" else None, user_id=known if kind == "user" else None
    )


def number_of(text: str | None) -> int | None:
    """Read an id; None for anything else. Eighteen digits always fit a bigint."""
    is_number = text and text.isascii() and text.isdecimal()
    return int(text) if text and is_number and len(text) <= 18 else None  # noqa: PLR2004 - said above
