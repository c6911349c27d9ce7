"""Who hears what of an incident: which lists it is on, and which word of its life comes next."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import LIVE, State

MOST_CHARACTERS: Final = 4_000
"""Of one update in a notice; the page of the incident has all of it."""


class Hears(StrEnum):
    """What people on a list get: a call, the texts for an audience, the beginning and the end."""

    CALLED = "called"
    STAFF = "staff"
    EXECUTIVES = "executives"
    LIFE = "life"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Hears.CALLED: "is called",
    Hears.STAFF: "hears updates for staff",
    Hears.EXECUTIVES: "hears updates for executives",
    Hears.LIFE: "is told that it began and ended",
}
READS: Final = {Audience.STAFF: Hears.STAFF, Audience.EXECUTIVES: Hears.EXECUTIVES}
"""Who gets the text for an audience; the public has its status pages."""


class Word(StrEnum):
    """What people were told last of the life of an incident."""

    BEGAN = "began"
    BACK = "back"
    ENDED = "ended"


class Listener(Struct, frozen=True, kw_only=True):
    """A row of the table: for incidents as bad as `severity`, of one team (None: of any).

    Who: one person, or everybody in a team.
    """

    id: int
    severity: Sev
    environment: str
    team_id: int | None
    hears: Hears
    user_id: int | None
    group_id: int | None


def fits(row: Listener, *, severity: str, environment: str, team_id: int | None) -> bool:
    """Whether the row is about an incident like this."""
    return (
        Sev(severity).is_as_bad_as(row.severity)
        and environment == row.environment
        and row.team_id in {None, team_id}
    )


def next_word(told: Word | None, state: State, *, opened_just_now: bool = False) -> Word | None:
    """What is to be told now to somebody who was told `told` last; None: nothing.

    Whoever was told nothing hears nothing of what is over already, unless it came and went before
    anybody could be told (`opened_just_now`).
    """
    is_over = state not in LIVE
    if told is None:
        return (Word.ENDED if opened_just_now else None) if is_over else Word.BEGAN
    if told is Word.ENDED:
        return None if is_over else Word.BACK
    return Word.ENDED if is_over else None


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text as it is, or its beginning with a sign that there is more."""
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence: "Ada, Ben and Cleo"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def people_of(rows: Iterable[Listener], members: dict[int, tuple[int, ...]]) -> list[int]:
    """The ids of all people whom these rows name, each once; `members` are those of teams."""
    found: dict[int, None] = {}
    for row in rows:
        if row.user_id is not None:
            found[row.user_id] = None
        else:
            found |= dict.fromkeys(members.get(row.group_id or 0, ()))
    return list(found)
