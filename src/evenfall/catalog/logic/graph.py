"""The graph of dependencies: who needs whom, directly or through others."""

from collections import deque
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from msgspec import Struct

type Edge = tuple[int, int]
"""(service, the service it needs)"""


def cycle_with(edges: Iterable[Edge], new: Edge) -> tuple[int, ...]:
    """Return the shortest cycle that the new edge would close, empty when it closes none.

    The cycle starts and ends with the service of the new edge. Time is linear in the edges.
    """
    start, needed = new
    if start == needed:
        return (start, start)
    path = _path(edges, needed, start)
    return (start, *path) if path else ()


def first_cycle(edges: Iterable[Edge], new: Sequence[Edge]) -> tuple[int, ...]:
    """As `cycle_with` for the first of several new edges, added in turn, that closes a cycle.

    Empty when none does, which takes time linear in the edges: the old ones close none.
    """
    old = list(edges)
    if _is_acyclic([*old, *new]):
        return ()
    cycles = (cycle_with([*old, *new[:at]], edge) for at, edge in enumerate(new))
    return next((cycle for cycle in cycles if cycle), ())


def _is_acyclic(edges: Iterable[Edge]) -> bool:
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for service, needed in edges:
        sorter.add(service, needed)
    try:
        sorter.prepare()
    except CycleError:
        return False
    return True


def _path(edges: Iterable[Edge], start: int, goal: int) -> tuple[int, ...]:
    """The shortest way from start to goal along the edges, empty when there is none."""
    following: dict[int, list[int]] = {}
    for service, needed in edges:
        following.setdefault(service, []).append(needed)
    came_from: dict[int, int | None] = {start: None}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in following.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    return _walk_back(came_from, goal)


def _walk_back(came_from: dict[int, int | None], goal: int) -> tuple[int, ...]:
    if goal not in came_from:
        return ()
    path: list[int] = []
    here: int | None = goal
    while here is not None:
        path.append(here)
        here = came_from[here]
    return tuple(reversed(path))


class Box(Struct, frozen=True, kw_only=True):
    """One service in the picture; x and y are its upper left corner, in SVG units."""

    service_id: int
    name: str
    slug: str
    x: int
    y: int
    is_centre: bool


class Line(Struct, frozen=True, kw_only=True):
    """From a service to one it needs; a dashed line is a soft dependency."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_soft: bool


class Neighbour(Struct, frozen=True, kw_only=True):
    """A service next to the one in the centre."""

    service_id: int
    name: str
    slug: str
    is_soft: bool


class Picture(Struct, frozen=True, kw_only=True):
    """Everything to draw, in SVG units."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


BOX_WIDTH, BOX_HEIGHT = 160, 40
_GAP_X, _GAP_Y, _EDGE = 40, 14, 4
_STEP = BOX_HEIGHT + _GAP_Y


def draw(
    centre: Neighbour, *, needed_by: tuple[Neighbour, ...], needs: tuple[Neighbour, ...]
) -> Picture:
    """Place the services: those that need it on the left, those it needs on the right."""
    rows = max(len(needed_by), len(needs), 1)
    columns = (bool(needed_by), True, bool(needs))
    left = _EDGE
    middle = left + columns[0] * (BOX_WIDTH + _GAP_X)
    right = middle + BOX_WIDTH + _GAP_X
    height = rows * _STEP - _GAP_Y + 2 * _EDGE
    (box,) = _column((centre,), middle, height, is_centre=True)
    before, after = _column(needed_by, left, height), _column(needs, right, height)
    lines = [_line(one, box, soft=n.is_soft) for one, n in zip(before, needed_by, strict=True)]
    lines += [_line(box, one, soft=n.is_soft) for one, n in zip(after, needs, strict=True)]
    return Picture(
        width=(right + BOX_WIDTH if columns[2] else middle + BOX_WIDTH) + _EDGE,
        height=height,
        boxes=(*before, box, *after),
        lines=tuple(lines),
    )


def _column(
    services: tuple[Neighbour, ...], x: int, height: int, *, is_centre: bool = False
) -> tuple[Box, ...]:
    top = (height - (len(services) * _STEP - _GAP_Y)) // 2
    return tuple(
        Box(
            service_id=service.service_id,
            name=_short(service.name),
            slug=service.slug,
            x=x,
            y=top + row * _STEP,
            is_centre=is_centre,
        )
        for row, service in enumerate(services)
    )


def _line(one: Box, other: Box, *, soft: bool) -> Line:
    half = BOX_HEIGHT // 2
    return Line(x1=one.x + BOX_WIDTH, y1=one.y + half, x2=other.x, y2=other.y + half, is_soft=soft)


_NAME_FITS = 19


def _short(name: str) -> str:
    return name if len(name) <= _NAME_FITS else f"{name[: _NAME_FITS - 1]}…"
