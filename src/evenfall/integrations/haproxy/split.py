"""Which weights make a share, and what has to be sent for it. No I/O.

A weight is 0 to 256 for each server. A side shares its per cent among its servers, so that two
servers beside ten get what was asked for.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from evenfall.integrations.haproxy.errors import NoServerUp
from evenfall.integrations.haproxy.states import Action, Server

MOST_WEIGHT: Final = 256


class Side(Struct, frozen=True, kw_only=True):
    """The servers of a side. `share` per cent of the requests; `is_shut`: not even those that
    stick to it.
    """

    name: str
    servers: Sequence[Server]
    share: int
    is_shut: bool = False

    @property
    def up(self) -> int:
        return sum(server.can_serve for server in self.servers)


def weights(*sides: Side) -> tuple[int, ...]:
    """The weight of each server of each side."""
    raw = [side.share / len(side.servers) for side in sides]
    most = max(raw)
    # a small share is not none
    return tuple(max(round(MOST_WEIGHT * one / most), 1) if one else 0 for one in raw)


def check_can_serve(side: Side) -> None:
    """Raise NoServerUp where a side that shall get requests could answer none."""
    if side.share and not side.up:
        known = ", ".join(server.name for server in side.servers)
        raise NoServerUp(side=side.name, servers=known)


def commands(backend: str, *sides: Side) -> list[str]:
    """What has to be sent, only what differs; who gets more comes first, so none is left out."""
    found: list[tuple[int, str]] = []
    for side, weight in zip(sides, weights(*sides), strict=True):
        state = Action.MAINT if side.is_shut else Action.READY
        for server in side.servers:
            where = f"set server {backend}/{server.name}"
            if server.state != state:
                found.append((-weight, f"{where} state {state}"))
            if server.weight != weight:
                found.append((-weight, f"{where} weight {weight}"))
    return [command for _, command in sorted(found, key=lambda one: one[0])]


def route_commands(map_name: str, now: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What has to be sent so that the map holds these values, each leading to its side."""
    gone = [f"del map {map_name} {key}" for key in now if key not in wanted]
    fresh = [f"add map {map_name} {key} {to}" for key, to in wanted.items() if key not in now]
    moved = [
        f"set map {map_name} {key} {to}"
        for key, to in wanted.items()
        if key in now and now[key] != to
    ]
    return gone + fresh + moved


def routes_of(shown: str) -> dict[str, str]:
    """Read the answer to `show map`: an address, a key and a value in each line."""
    rows = (line.split(None, 2) for line in shown.splitlines() if line.strip())
    return {row[1]: row[2] for row in rows if len(row) > 2}  # noqa: PLR2004 - see above
