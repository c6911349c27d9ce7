"""Which rooms show which incidents, and how a room is called."""

import re
import unicodedata
from typing import Final

from msgspec import Struct

from evenfall.incidents.ports import Sev

MOST_LETTERS: Final = 60
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9]+")


class Wish(Struct, frozen=True):
    """What a room wants to see; `team_id` None: of all teams."""

    team_id: int | None
    least_severity: Sev


def wants(wish: Wish, *, team_id: int | None, severity: Sev) -> bool:
    """Whether a room shows an incident of this team that is this bad."""
    is_theirs = wish.team_id is None or wish.team_id == team_id
    return is_theirs and severity.is_as_bad_as(wish.least_severity)


def room_name(number: int, title: str) -> str:
    """How the room of an incident is called: lower-case ASCII and hyphens, 60 at most."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NOT_PLAIN.sub("-", plain).strip("-")
    return f"inc-{number}-{words}"[:MOST_LETTERS].rstrip("-")
