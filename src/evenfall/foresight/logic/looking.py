"""When somebody hears of a finding: whoever made the change at once, its owner when it stays."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Final

from msgspec import Struct

from evenfall.foresight.logic.kinds import PART_OF, Check, Part

SETTLES: Final = timedelta(minutes=15)
"""While somebody sets a thing up it is often broken for some minutes: its owner need not know."""
QUIET_FOR: Final = timedelta(hours=1)
"""The same trouble found again after so short a time is not told again."""
_USER: Final = "user:"


class Fresh(Struct, frozen=True, kw_only=True):
    """A finding that was not there before, as far as telling needs it."""

    id: int
    check: Check


def told_to(fresh: Iterable[Fresh], asked: Mapping[Part, Collection[str]]) -> dict[int, list[int]]:
    """Which people hear of which findings: those whose change made its part be looked at.

    Tokens and the system are nobody to tell.
    """
    found: dict[int, list[int]] = {}
    for one in fresh:
        for actor in sorted(asked.get(PART_OF[one.check], ())):
            number = actor.removeprefix(_USER)
            if actor.startswith(_USER) and number.isdecimal():
                found.setdefault(int(number), []).append(one.id)
    return found
