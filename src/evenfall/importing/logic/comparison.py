"""The parallel run: whom the other tool would page, and whom we would."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from evenfall.importing.logic.drafts import Held

WEEKS = 8


class Difference(Struct, frozen=True, kw_only=True):
    """From `starts_at` until just before `ends_at` the two page different people; () is nobody."""

    starts_at: datetime
    ends_at: datetime
    theirs: tuple[int, ...]
    ours: tuple[int, ...]

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / timedelta(hours=1)


class Comparison(Struct, frozen=True, kw_only=True):
    """What was found between two instants; equal instants mean that there was nothing to see."""

    starts_at: datetime
    ends_at: datetime
    differences: tuple[Difference, ...] = ()

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / timedelta(hours=1)

    @property
    def hours_of_difference(self) -> float:
        return sum(difference.hours for difference in self.differences)


def stretch(theirs: Sequence[Held], now: datetime) -> tuple[datetime, datetime]:
    """The part of the next eight weeks that the other tool speaks of.

    Before its first span and after its last one it was not asked, so nothing follows from silence.
    """
    if not theirs:
        return now, now
    starts_at = max(now, min(held.starts_at for held in theirs))
    ends_at = min(now + timedelta(weeks=WEEKS), max(held.ends_at for held in theirs))
    return starts_at, max(starts_at, ends_at)


def compare(
    theirs: Sequence[Held], ours: Sequence[Held], starts_at: datetime, ends_at: datetime
) -> Comparison:
    """Every stretch in which the two differ, neighbours with the same people joined."""
    joined: list[Difference] = []
    for piece in _pieces(theirs, ours, starts_at, ends_at):
        last = joined[-1] if joined else None
        if last and last.ends_at == piece.starts_at and _same(last, piece):
            joined[-1] = _of(last.starts_at, piece.ends_at, piece.theirs, piece.ours)
        else:
            joined.append(piece)
    found = tuple(piece for piece in joined if piece.theirs != piece.ours)
    return Comparison(starts_at=starts_at, ends_at=ends_at, differences=found)


def _pieces(
    theirs: Sequence[Held], ours: Sequence[Held], starts_at: datetime, ends_at: datetime
) -> Iterator[Difference]:
    edges = {starts_at, ends_at}
    for held in (*theirs, *ours):
        edges |= {at for at in (held.starts_at, held.ends_at) if starts_at < at < ends_at}
    moments = sorted(edges)
    there, here = _on_call(theirs, moments[:-1]), _on_call(ours, moments[:-1])
    for (opens, closes), one, other in zip(pairwise(moments), there, here, strict=True):
        yield _of(opens, closes, one, other)


def _on_call(spans: Iterable[Held], moments: Sequence[datetime]) -> Iterator[tuple[int, ...]]:
    """Who is on call at each of the moments, in order: one pass over all spans."""
    waiting = sorted(spans, reverse=True)
    running: list[Held] = []
    for at in moments:
        while waiting and waiting[-1].starts_at <= at:
            running.append(waiting.pop())
        running = [held for held in running if held.ends_at > at]
        yield tuple(sorted({held.person for held in running}))


def _same(one: Difference, other: Difference) -> bool:
    return (one.theirs, one.ours) == (other.theirs, other.ours)


def _of(
    starts_at: datetime, ends_at: datetime, theirs: tuple[int, ...], ours: tuple[int, ...]
) -> Difference:
    return Difference(starts_at=starts_at, ends_at=ends_at, theirs=theirs, ours=ours)
