"""How many more notices may be handed over now, for each kind of channel.

A provider that hangs must not keep the places of those that answer: a send that is out for
longer than `SLOW_AFTER` gives its place back and is only counted against the hard limit. Low
urgency can never take the last half of the places.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PLACES: Final = 64
HARD_LIMIT: Final = 256  # sends of one kind that may be out at once, slow ones included
SLOW_AFTER: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    high: int  # places for notices of any urgency
    low: int  # of these, places that low urgency may take


def room(started: Collection[datetime], *, now: datetime) -> Room:
    """The free places of one kind, given when each of its open sends began."""
    quick = sum(1 for at in started if now - at < SLOW_AFTER)
    free = max(0, min(PLACES - quick, HARD_LIMIT - len(started)))
    return Room(high=free, low=max(0, min(free, PLACES // 2 - quick)))
