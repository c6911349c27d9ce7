"""What needs what: everything below a service, and the order in which a train goes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

type Edge = tuple[int, int]


def below(service_id: int, edges: Iterable[Edge]) -> set[int]:
    """All that a service needs, directly or not, without itself."""
    needed = _grouped(edges)
    found: set[int] = set()
    waiting = [service_id]
    while waiting:
        for other in needed.get(waiting.pop(), ()):
            if other not in found and other != service_id:
                found.add(other)
                waiting.append(other)
    return found


def ordered(members: Collection[int], edges: Iterable[Edge]) -> list[list[int]]:
    """The services of a train in waves: what is needed goes before what needs it.

    Needs count through services that are not in the train. What is left when no wave can be
    made is a circle: it is not in the answer (see `circle`).
    """
    edges = list(edges)
    before = {one: below(one, edges) & set(members) for one in members}
    waves: list[list[int]] = []
    gone: set[int] = set()
    while wave := sorted(one for one in before if one not in gone and before[one] <= gone):
        waves.append(wave)
        gone.update(wave)
    return waves


def circle(members: Collection[int], edges: Iterable[Edge]) -> Sequence[int]:
    """Services of a train that need each other, from one back to itself; empty for none."""
    needed = _grouped(edges)
    for start in sorted(members):
        path = _way_back(start, needed)
        if path:
            return path
    return ()


def _way_back(start: int, needed: Mapping[int, Collection[int]]) -> list[int]:
    """The shortest way from a service back to itself."""
    came_from: dict[int, int] = {}
    waiting = [start]
    for one in waiting:
        for other in needed.get(one, ()):
            if other == start:
                return _walked(start, one, came_from)
            if other not in came_from:
                came_from[other] = one
                waiting.append(other)
    return []


def _walked(start: int, last: int, came_from: Mapping[int, int]) -> list[int]:
    path = [start, last] if last != start else [start]
    while path[-1] != start and path[-1] in came_from and came_from[path[-1]] != start:
        path.append(came_from[path[-1]])
    steps = [start, *reversed(path[1:])]
    return [*steps, start]


def _grouped(edges: Iterable[Edge]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in edges:
        found[one].append(other)
    return found
