"""Who spent the budget: the bad events of each minute go to what was going on in it.

A minute that several causes cover is shared among them evenly; what nobody covers is unexplained.
The parts add up to everything that was bad.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.slo.logic.states import Cause
from evenfall.slo.logic.windows import MINUTE


class Interval(Struct, frozen=True, kw_only=True):
    """Something that was going on; `until` None is still."""

    kind: Cause
    reference: str
    since: datetime
    until: datetime | None = None
    title: str = ""
    url: str = ""

    def covers(self, minute: datetime) -> bool:
        """Whether any of this minute was in it."""
        return self.since < minute + MINUTE and (self.until is None or minute < self.until)


class Charged(Struct, frozen=True, kw_only=True):
    """What one cause took; `cause` None is unexplained.

    `bad` are events (or slices), `share` is of all that was bad, `alone` the part of `bad` in
    which nothing else was going on.
    """

    cause: Interval | None
    bad: float
    share: float
    alone: float


def split(bad: Mapping[datetime, float], causes: Sequence[Interval]) -> list[Charged]:
    """Split what was bad, by minute, over the causes; the largest part first."""
    took = dict.fromkeys(range(-1, len(causes)), 0.0)
    alone = dict.fromkeys(range(-1, len(causes)), 0.0)
    for minute, amount in bad.items():
        numbers = [n for n, cause in enumerate(causes) if cause.covers(minute)] or [-1]
        for number in numbers:
            took[number] += amount / len(numbers)
        if len(numbers) == 1:
            alone[numbers[0]] += amount
    whole = sum(took.values())
    found = [
        Charged(
            cause=None if number < 0 else causes[number],
            bad=amount,
            share=amount / whole if whole else 0.0,
            alone=alone[number],
        )
        for number, amount in took.items()
        if amount > 0
    ]
    return sorted(found, key=lambda one: (one.cause is None, -one.bad))


def merged(intervals: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The same times without overlaps, in order."""
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted(intervals):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        elif since < until:
            found.append((since, until))
    return found
