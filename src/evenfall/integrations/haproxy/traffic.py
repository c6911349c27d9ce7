"""The traffic port: the servers of a backend as two sides, over the runtime API.

All that one switch needs is sent in one line, and then read back. Nothing is written to the
configuration of HAProxy: after its restart the next look sets everything again.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from evenfall.integrations.haproxy import runtime, split, states
from evenfall.integrations.haproxy.counts import counts_of
from evenfall.integrations.haproxy.errors import HaproxyUnclear
from evenfall.integrations.haproxy.split import Side
from evenfall.integrations.haproxy.states import Server
from evenfall.rollouts.ports import BASELINE, Capabilities, Seen, Split, StepField

_SIDES: Final = ("blue", "green", BASELINE)
_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_MAP: Final = re.compile(r"[A-Za-z0-9_.:/#-]{0,200}")


class _Now(Struct, frozen=True, kw_only=True):
    """How it stands: the sides with what they shall get, and the map where there is one.

    `beside` is the baseline; empty where the settings have none.
    """

    new: Side
    stable: Side
    beside: tuple[Side, ...]
    routes: Mapping[str, str]
    statistics: str

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.new, self.stable, *self.beside)


class HaproxyTraffic:
    """See `TrafficPort`."""

    name = "haproxy"
    label = "HAProxy"
    capabilities = Capabilities(
        headers=True, counts=True, baseline=True, needs={"headers": "map", "baseline": BASELINE}
    )
    fields: Sequence[StepField] = (
        StepField(
            name="address",
            label="Runtime API",
            help="host:port of a stats socket of level admin, or the path of one on this machine.",
        ),
        StepField(name="backend", label="Backend"),
        StepField(name="blue", label="Servers of the blue side", help="Names, with commas between"),
        StepField(name="green", label="Servers of the green side"),
        StepField(
            name=BASELINE,
            label="Servers of the baseline",
            required=False,
            help="For fresh instances of the stable version beside a canary. Empty: none.",
        ),
        StepField(
            name="map",
            label="Map of header routes",
            required=False,
            help="The file of a map that leads values of a header to blue or green. Empty: none.",
        ),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        runtime.check_address(settings["address"])
        for side in _SIDES:
            if settings.get(side) and not _servers(settings, side):
                raise HaproxyUnclear(field=f"traffic_{side}", reason="Name at least one server.")
        servers = [one for side in _SIDES for one in _servers(settings, side)]
        if len(set(servers)) < len(servers):
            reason = "A server is of one side only."
            raise HaproxyUnclear(field="traffic_green", reason=reason)
        for name in (settings["backend"], *servers):
            if not _NAME.fullmatch(name):
                reason = "Letters, digits and . _ : - only, as in the configuration of HAProxy."
                raise HaproxyUnclear(field="traffic_backend", reason=reason)
        if not _MAP.fullmatch(settings["map"]):
            raise HaproxyUnclear(field="traffic_map", reason="Give the path of a map file.")

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        now = _look(settings, split, time_limit_s)
        wanted = _commands(settings, split, now)
        _check(split, now)
        if wanted:
            runtime.tell_at_once(settings["address"], wanted, time_limit_s=time_limit_s)
            now = _look(settings, split, time_limit_s)
        return _seen(settings, split, now)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        return _seen(settings, split, _look(settings, split, time_limit_s))


def _look(settings: Mapping[str, str], wanted: Split, time_limit_s: float) -> _Now:
    backend, map_name = settings["backend"], settings["map"]
    asked = [f"show servers state {backend}", "show stat"]
    asked += [f"show map {map_name}"] if map_name else []
    shown = runtime.ask(settings["address"], *asked, time_limit_s=time_limit_s)
    found = states.servers_of(shown[0], shown[1], backend)

    def side(name: str, *, is_shut: bool) -> Side:
        names = _servers(settings, name)
        servers: list[Server] = [states.named(found, backend, one) for one in names]
        return Side(name=name, servers=servers, share=wanted.share(name), is_shut=is_shut)

    return _Now(
        new=side(wanted.new, is_shut=wanted.is_shut),
        stable=side(wanted.stable, is_shut=False),
        beside=(side(BASELINE, is_shut=wanted.is_shut),) if settings.get(BASELINE) else (),
        routes=split.routes_of(shown[2]) if map_name else {},
        statistics=shown[1],
    )


def _commands(settings: Mapping[str, str], wanted: Split, now: _Now) -> list[str]:
    found = split.commands(settings["backend"], *now.sides)
    if settings["map"]:
        routes = dict.fromkeys(wanted.routes.values(), wanted.new)
        found += split.route_commands(settings["map"], now.routes, routes)
    return found


def _check(wanted: Split, now: _Now) -> None:
    """Who shall get requests must be able to answer them; the way back is open in any case where
    the new side could not answer either.
    """
    for side in (now.new, *now.beside):
        split.check_can_serve(side)
    if now.new.up or not wanted.is_shut:
        split.check_can_serve(now.stable)


def _seen(settings: Mapping[str, str], wanted: Split, now: _Now) -> Seen:
    sides = now.sides
    return Seen(
        fits=not _commands(settings, wanted, now),
        words="; ".join(server.words() for side in sides for server in side.servers),
        counts={
            side.name: counts_of(now.statistics, settings["backend"], _servers(settings, side.name))
            for side in sides
        },
    )


def _servers(settings: Mapping[str, str], side: str) -> list[str]:
    return [name.strip() for name in settings.get(side, "").split(",") if name.strip()]
