"""Who does what in an incident: the roles, who takes command next, and what it costs in time.

Pure: intervals are half-open, times are aware UTC, an interval without an end lasts until "now".
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct


class CrewRole(StrEnum):
    """What a person does in an incident; one person may have several roles."""

    COMMANDER = "commander"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    COMMUNICATIONS = "communications"
    EXPERT = "expert"
    OBSERVER = "observer"


SINGLE: Final = frozenset(
    {CrewRole.COMMANDER, CrewRole.DEPUTY, CrewRole.SCRIBE, CrewRole.COMMUNICATIONS}
)
"""Roles that one person has at a time; there may be several experts and observers."""

MEANING: Final = {
    CrewRole.COMMANDER: "decides and delegates, and leaves the mending to others",
    CrewRole.DEPUTY: "watches the clock, stands ready to command",
    CrewRole.SCRIBE: "writes down what is done and decided",
    CrewRole.COMMUNICATIONS: "tells customers and colleagues",
    CrewRole.EXPERT: "looks for the fault and mends it",
    CrewRole.OBSERVER: "listens",
}

RELIEF_AFTER: Final = timedelta(hours=4)
"""After so long in command somebody else is asked to take over."""


class Ending(StrEnum):
    """Why somebody has a role no more."""

    LEFT = "left"
    HANDED_OVER = "handed_over"
    OVER = "over"


class HeirWhy(StrEnum):
    """How the next commander was found; the values are shown to people."""

    NAMED = "named"
    DEPUTY = "as the deputy"
    LIEUTENANT = "as the lieutenant on call"


class Heir(Struct, frozen=True):
    """Who commands next, and how they were found."""

    user_id: int
    why: HeirWhy


def heir(
    *, leaving_id: int, named_id: int | None, deputy_id: int | None, lieutenant_ids: Sequence[int]
) -> Heir | None:
    """Return who commands after `leaving_id`: whoever is named, else the deputy, else a lieutenant.

    Nobody follows themselves. None: there is nobody, so command cannot be left.
    """
    wanted = [(named_id, HeirWhy.NAMED), (deputy_id, HeirWhy.DEPUTY)]
    wanted += [(user_id, HeirWhy.LIEUTENANT) for user_id in lieutenant_ids]
    for user_id, why in wanted:
        if user_id is not None and user_id != leaving_id:
            return Heir(user_id, why)
    return None


def is_only_expert(commander_id: int | None, expert_ids: Collection[int]) -> bool:
    """Whether the one who should decide is also the only one who mends."""
    return commander_id is not None and set(expert_ids) == {commander_id}


class Held(Struct, frozen=True, kw_only=True):
    """One person had one role; `ends_at` is None while they still have it."""

    user_id: int
    starts_at: datetime
    ends_at: datetime | None = None


def person_time(held: Iterable[Held], *, until: datetime) -> dict[int, timedelta]:
    """Return how long each person had any role, up to `until`.

    Two roles at the same time count once. A role that begins after `until` counts nothing.
    """
    stretches: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in held:
        ends_at = until if one.ends_at is None else min(one.ends_at, until)
        stretches[one.user_id].append((one.starts_at, max(one.starts_at, ends_at)))
    return {user_id: _length(some) for user_id, some in stretches.items()}


def _length(stretches: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """Return the length of the union of some stretches of time."""
    total, reached = timedelta(), None
    for starts_at, ends_at in sorted(stretches):
        begins = starts_at if reached is None else max(starts_at, reached)
        total += max(timedelta(), ends_at - begins)
        reached = ends_at if reached is None else max(reached, ends_at)
    return total
