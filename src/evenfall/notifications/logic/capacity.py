"""How many more notices may be handed over now, for each kind of channel and each urgency.

A provider that hangs must not keep the places of those that answer: a send that is out for
longer than `SLOW_AFTER` gives its place back and then only counts against the hard limit. Each
urgency has places of its own, so a flood of low urgency never stands before a page.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from evenfall.notifications.logic.retrying import Urgency

PLACES: Final = MappingProxyType({Urgency.HIGH: 48, Urgency.LOW: 16})  # 64 for each kind
HARD_FACTOR: Final = 4  # sends that may be out at once, slow ones included, per place
SLOW_AFTER: Final = timedelta(seconds=1)


def room(urgency: Urgency, started: Collection[datetime], *, now: datetime) -> int:
    """The free places, given when each open send of this kind and urgency began."""
    places = PLACES[urgency]
    quick = sum(1 for at in started if now - at < SLOW_AFTER)
    return max(0, min(places - quick, places * HARD_FACTOR - len(started)))
