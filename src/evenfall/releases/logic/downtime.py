"""How long something was down, when several say so."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def overlap(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """The time that any of these covers; two at the same time are one, one backwards is none."""
    total = timedelta(0)
    reached: datetime | None = None
    for starts, ends in sorted(spans):
        begins = starts if reached is None else max(starts, reached)
        if ends > begins:
            total += ends - begins
        reached = ends if reached is None else max(reached, ends)
    return total
