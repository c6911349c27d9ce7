"""Two people for what the public reads: when a text waits for a second one, who that may be."""

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Decision(StrEnum):
    """What became of a text that was proposed."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Decision.WAITING: "waiting for approval",
    Decision.APPROVED: "approved",
    Decision.SENT_BACK: "sent back",
    Decision.REPLACED: "replaced by a newer one",
    Decision.WITHDRAWN: "not needed any more",
}


class Seats(Struct, frozen=True, kw_only=True):
    """Who commands an incident, and who stands ready to; None: nobody."""

    commander_id: int | None = None
    deputy_id: int | None = None


def waits(*, is_asked_for: bool, author_id: int | None, seats: Seats) -> bool:
    """Whether a public text needs a second person; the commander may speak alone."""
    is_commander = author_id is not None and author_id == seats.commander_id
    return is_asked_for and not is_commander


def may_decide(user_id: int, *, author_id: int | None, seats: Seats, administers: bool) -> bool:
    """Whether this person may approve or send back what `author_id` wrote.

    Nobody approves their own words, unless they command by now and could write them alone.
    """
    if user_id == seats.commander_id:
        return True
    return user_id != author_id and (administers or user_id == seats.deputy_id)
