"""Pavings: lists of tiles that cover a stretch of time without a hole and without an overlap.

A tile says who has a role, or that nobody has it, and why. Because every step of the computation
turns pavings into pavings, "no overlap in a role" and "adds up to the wall time" hold by
construction.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from evenfall.oncall.logic.rotation import Turn

NOT_COVERED = "No layer covers this time."


class Tile(NamedTuple):
    starts_at: datetime
    ends_at: datetime
    user_id: int | None
    why: str
    turn: Turn | None = None
    standins: tuple[int, ...] = ()
    """Who takes the role, first come first served, where the user may not have it."""


type Paving = list[Tile]


def bare(starts_at: datetime, ends_at: datetime) -> Paving:
    return [Tile(starts_at, ends_at, None, NOT_COVERED)] if starts_at < ends_at else []


def cut(tile: Tile, starts_at: datetime, ends_at: datetime) -> Tile:
    """The tile for another stretch of time; this is hot and much faster than `_replace`."""
    if tile[0] == starts_at and tile[1] == ends_at:
        return tile
    return Tile(starts_at, ends_at, *tile[2:])


def pave(tiles: Iterable[Tile], starts_at: datetime, ends_at: datetime) -> Paving:
    """Tiles in order, cut to the stretch, with bare tiles in between."""
    paving: Paving = []
    reached = starts_at
    for tile in tiles:
        low, high = max(tile.starts_at, reached), min(tile.ends_at, ends_at)
        if low >= high:
            continue
        paving += bare(reached, low)
        paving.append(cut(tile, low, high))
        reached = high
    return paving + bare(reached, ends_at)


def combine(left: Paving, right: Paving, choose: Callable[[Tile, Tile], Tile]) -> Paving:
    """The paving that `choose` makes of two pavings of the same stretch, in one pass."""
    result: Paving = []
    i = j = 0
    while i < len(left):
        mine, other = left[i], right[j]
        ends_at = min(mine.ends_at, other.ends_at)
        _extend(result, choose(mine, other), max(mine.starts_at, other.starts_at), ends_at)
        i += mine.ends_at == ends_at
        j += other.ends_at == ends_at
    return result


def over(below: Tile, above: Tile) -> Tile:
    """Somebody above wins; nobody above lets somebody below through; an empty place is named."""
    if above.user_id is not None:
        return above
    if below.user_id is not None or above.turn is None:
        return below
    return above


def repaint(
    paving: Paving, starts_at: datetime, ends_at: datetime, change: Callable[[Tile], Tile]
) -> Paving:
    """The paving with `change` applied between the two instants."""
    first = bisect_right(paving, starts_at, key=lambda tile: tile.ends_at)
    last = bisect_left(paving, ends_at, key=lambda tile: tile.starts_at)
    changed: Paving = []
    for tile in paving[first:last]:
        low, high = max(tile.starts_at, starts_at), min(tile.ends_at, ends_at)
        _extend(changed, tile, tile.starts_at, low)
        _extend(changed, change(tile), low, high)
        _extend(changed, tile, high, tile.ends_at)
    return [*paving[:first], *changed, *paving[last:]]


def _extend(paving: Paving, tile: Tile, starts_at: datetime, ends_at: datetime) -> None:
    """Append the tile for a stretch, or lengthen the last tile when it says the same."""
    if starts_at >= ends_at:
        return
    if paving and paving[-1][2:] == tile[2:]:
        paving[-1] = cut(tile, paving[-1].starts_at, ends_at)
    else:
        paving.append(cut(tile, starts_at, ends_at))
