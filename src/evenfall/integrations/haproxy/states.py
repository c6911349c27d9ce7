"""What HAProxy says of the servers of a backend, and what may be done to them. No I/O."""

import csv
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.integrations.haproxy.errors import HaproxySaysNo, LastHealthyServer, ServerNotThere

# the bits of srv_admin_state: forced maintenance, and what maintenance is inherited or found by DNS
_FORCED_MAINTENANCE: Final = 0x01
_ANY_MAINTENANCE: Final = 0x01 | 0x02 | 0x20 | 0x40
_FORCED_DRAIN: Final = 0x08
_ANY_DRAIN: Final = 0x08 | 0x10
_RUNNING: Final = 2
_COMMENT: Final = "#"


class Action(StrEnum):
    """What a step does to a server."""

    DRAIN = "drain"
    MAINT = "maint"
    READY = "ready"
    WEIGHT = "weight"


class Server(Struct, frozen=True, kw_only=True):
    """One server as it stands. `state` is ready, drain or maint, as somebody set it.

    `is_up`: it takes new requests now, whatever the reason would be if it did not. `sessions` and
    `check` (the result of its health check in words) are filled in from the statistics.
    """

    name: str
    state: str
    is_up: bool
    weight: int
    sessions: int = 0
    check: str = ""
    can_serve: bool = False
    """It would take requests, had it a weight and were it let in."""

    def words(self) -> str:
        health = "up" if self.is_up else "not up"
        check = f", check {self.check}" if self.check else ""
        return f"{self.name}: {self.state}, {health}, weight {self.weight}{check}"


def servers_of(states: str, statistics: str, backend: str) -> dict[str, Server]:
    """Read the answers to `show servers state` and `show stat`; raises HaproxySaysNo."""
    rows = list(_state_rows(states))
    if not rows:
        raise HaproxySaysNo(command=f"show servers state {backend}", answer=_short(states))
    told = {row.get("svname", ""): row for row in _statistics(statistics, backend)}
    found = (_server(row, told.get(row["srv_name"], {})) for row in rows)
    return {server.name: server for server in found}


def _state_rows(text: str) -> Iterable[dict[str, str]]:
    names: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if line.startswith(_COMMENT):
            names = words[1:]
        elif names and len(words) >= len(names):
            yield dict(zip(names, words, strict=False))


def _statistics(text: str, backend: str) -> list[dict[str, str]]:
    lines = text.strip().removeprefix("# ").splitlines()
    return [dict(row) for row in csv.DictReader(lines) if row.get("pxname") == backend]


def _server(row: Mapping[str, str], told: Mapping[str, str]) -> Server:
    admin, weight = _number(row["srv_admin_state"]), _number(row["srv_uweight"])
    is_out = admin & (_ANY_MAINTENANCE | _ANY_DRAIN) or weight == 0
    state = "maint" if admin & _FORCED_MAINTENANCE else "drain" if admin & _FORCED_DRAIN else ""
    return Server(
        name=row["srv_name"],
        state=state or "ready",
        is_up=_number(row["srv_op_state"]) == _RUNNING and not is_out,
        weight=weight,
        sessions=_number(told.get("scur", "")),
        check=told.get("check_status", ""),
        can_serve=_number(row["srv_op_state"]) == _RUNNING or bool(admin & _ANY_MAINTENANCE),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _short(answer: str) -> str:
    return " ".join(answer.split())[:200] or "nothing"


def named(servers: Mapping[str, Server], backend: str, name: str) -> Server:
    """Return one server; raises ServerNotThere with the names of those that are."""
    found = servers.get(name)
    if found is None:
        raise ServerNotThere(backend=backend, server=name, known=", ".join(servers) or "none")
    return found


def up(servers: Mapping[str, Server]) -> int:
    """How many take new requests."""
    return sum(server.is_up for server in servers.values())


def takes_out(state: str, weight: int) -> bool:
    """Whether a server that stands so gets no new requests."""
    return state != Action.READY or weight == 0


def check_enough_stay(
    servers: Mapping[str, Server], server: Server, *, backend: str, least: int
) -> None:
    """Raise LastHealthyServer where too few would be up without this one.

    One that is not up already is no loss.
    """
    left = up(servers) - 1
    if server.is_up and left < max(least, 1):
        raise LastHealthyServer(server=server.name, backend=backend, left=left, least=max(least, 1))
