"""The small timeline "when I am paged at 03:00", as numbers for an SVG."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.paging.logic.rules import Planned

WIDTH = 640
LEFT = 84
RIGHT = 24
TOP = 26
ROW = 30
SHORTEST_MINUTES = 8
TICKS = 4


class Dot(Struct, frozen=True, kw_only=True):
    """A notice: `is_late` when the policy may have moved on by then."""

    x: int
    y: int
    minute: int
    kind: str
    is_late: bool


class Lane(Struct, frozen=True, kw_only=True):
    kind: str
    y: int


class Tick(Struct, frozen=True, kw_only=True):
    x: int
    minute: int


class Picture(Struct, frozen=True, kw_only=True):
    """`moves_on_x` is where the policy goes on to somebody else; None when it does not say."""

    width: int
    height: int
    left: int
    right: int
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    moves_on_x: int | None
    moves_on_minute: int | None


def draw(
    planned: Sequence[Planned], *, start: datetime, moves_on_after: timedelta | None
) -> Picture:
    """Place every planned notice on its channel's lane, by minutes since `start`."""
    minutes = [_minutes(one.due_at - start) for one in planned]
    moves_on = None if moves_on_after is None else _minutes(moves_on_after)
    longest = max([SHORTEST_MINUTES, moves_on or 0, *minutes]) + 1
    kinds = list(dict.fromkeys(one.kind for one in planned))
    lanes = {kind: TOP + ROW * n for n, kind in enumerate(kinds)}
    return Picture(
        width=WIDTH,
        height=TOP + ROW * len(kinds) + 16,
        left=LEFT,
        right=WIDTH - RIGHT,
        lanes=tuple(Lane(kind=kind, y=y) for kind, y in lanes.items()),
        dots=tuple(
            Dot(
                x=_x(minute, longest),
                y=lanes[one.kind],
                minute=minute,
                kind=one.kind,
                is_late=moves_on is not None and minute > moves_on,
            )
            for one, minute in zip(planned, minutes, strict=True)
        ),
        ticks=tuple(
            Tick(x=_x(minute, longest), minute=minute)
            for minute in range(0, longest + 1, max(1, longest // TICKS))
        ),
        moves_on_x=None if moves_on is None else _x(moves_on, longest),
        moves_on_minute=moves_on,
    )


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _x(minute: int, longest: int) -> int:
    return LEFT + round((WIDTH - LEFT - RIGHT) * minute / longest)
