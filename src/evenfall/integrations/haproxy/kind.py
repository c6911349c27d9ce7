"""The kind of step: what it asks for, does, tests and takes back."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from evenfall.integrations.haproxy import runtime, states
from evenfall.integrations.haproxy.errors import HaproxyUnclear
from evenfall.integrations.haproxy.states import Action, Server
from evenfall.runbooks.ports import FieldType, StepField, StepResult

MOST_WEIGHT: Final = 256
_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_DONE: Final = {
    Action.DRAIN: "gets no new requests; those it has come to their end",
    Action.MAINT: "is out: no requests, no health checks",
    Action.READY: "takes requests as soon as its health check lets it",
    Action.WEIGHT: "has another weight",
}


class HaproxyStep:
    """See `StepKind`. Two steps never act on one backend at a time, so counting is safe."""

    name = "haproxy"
    label = "HAProxy server"
    fields: Sequence[StepField] = (
        StepField(
            name="address",
            label="Runtime API",
            help="host:port of a stats socket of level admin, or the path of one on this machine.",
        ),
        StepField(
            name="action",
            label="Do",
            type=FieldType.CHOICE,
            choices=(
                (Action.DRAIN.value, "Drain: no new requests"),
                (Action.MAINT.value, "Disable: out at once"),
                (Action.READY.value, "Enable"),
                (Action.WEIGHT.value, "Set the weight"),
            ),
        ),
        StepField(name="backend", label="Backend"),
        StepField(name="server", label="Server"),
        StepField(
            name="weight",
            label="Weight",
            type=FieldType.NUMBER,
            required=False,
            help="0 to 256, for “Set the weight” only.",
        ),
        StepField(
            name="least_up",
            label="Servers that must be up",
            type=FieldType.NUMBER,
            required=False,
            default="1",
            help="A server is not taken out when fewer would be left; never fewer than one.",
        ),
    )
    conditions: Sequence[tuple[str, str]] = (
        ("enough_up", "The backend has at least that many servers up"),
        ("server_up", "The server is up"),
        ("no_sessions", "The server has no sessions left"),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        runtime.check_address(settings["address"])
        for name in ("backend", "server"):
            if not _NAME.fullmatch(settings[name]):
                reason = "Letters, digits and . _ : - only, as in the configuration of HAProxy."
                raise HaproxyUnclear(field=name, reason=reason)
        if settings["action"] == Action.WEIGHT and not _is_weight(settings.get("weight", "")):
            raise HaproxyUnclear(field="weight", reason="Give a weight from 0 to 256.")
        if len(settings.get("least_up", "")) > len("1000"):
            raise HaproxyUnclear(field="least_up", reason="No backend has that many servers.")

    def target(self, settings: Mapping[str, str]) -> str:
        return f"haproxy:{settings['address']}/{settings['backend']}"

    def dry_run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        found, server = self._look(settings, time_limit_s)
        state, weight = _wanted(settings, server)
        _check_may(settings, found, server, state, weight)
        lines = [f"Now in {settings['backend']}, {states.up(found)} up:"]
        lines += [f"- {one.words()}" for one in found.values()]
        commands = _commands(settings, server, state, weight)
        lines += [f"Would send: {command}" for command in commands] or ["Nothing would change."]
        return StepResult(ok=True, log="\n".join(lines))

    def run(self, settings: Mapping[str, str], *, time_limit_s: float) -> StepResult:
        found, server = self._look(settings, time_limit_s)
        state, weight = _wanted(settings, server)
        _check_may(settings, found, server, state, weight)
        memory = {
            "state": server.state,
            "weight": str(server.weight),
            "set_state": state,
            "set_weight": str(weight),
        }
        log = self._set(settings, server, state, weight, time_limit_s)
        return StepResult(ok=True, log=log, memory=memory)

    def test(
        self,
        condition: str,
        settings: Mapping[str, str],
        memory: Mapping[str, str],  # noqa: ARG002 - the port's signature
        *,
        time_limit_s: float,
    ) -> StepResult:
        found, server = self._look(settings, time_limit_s)
        if condition == "no_sessions":
            log = f"{server.name} has {server.sessions} sessions."
            return StepResult(ok=server.sessions == 0, log=log)
        if condition == "server_up":
            return StepResult(ok=server.is_up, log=server.words())
        least, up = _least(settings), states.up(found)
        log = f"{up} of {len(found)} servers of {settings['backend']} are up, {least} wanted."
        return StepResult(ok=up >= least, log=log)

    def undo(
        self, settings: Mapping[str, str], memory: Mapping[str, str], *, time_limit_s: float
    ) -> StepResult | None:
        """Put the earlier state back, unless somebody set another one since."""
        if not memory:
            log = "It is not known how the server stood before: the run did not come to its end."
            return StepResult(ok=False, log=log)
        found, server = self._look(settings, time_limit_s)
        if (server.state, str(server.weight)) == (memory["state"], memory["weight"]):
            return StepResult(ok=True, log=f"It stands as before already. {server.words()}")
        if (server.state, str(server.weight)) != (memory["set_state"], memory["set_weight"]):
            log = f"Left alone, because somebody changed it since. {server.words()}"
            return StepResult(ok=False, log=log)
        state, weight = memory["state"], int(memory["weight"])
        # as many as the step wanted are too many to ask of its undo: only the last one stays
        _check_may({**settings, "least_up": "1"}, found, server, state, weight)
        return StepResult(ok=True, log=self._set(settings, server, state, weight, time_limit_s))

    def _look(
        self, settings: Mapping[str, str], time_limit_s: float
    ) -> tuple[dict[str, Server], Server]:
        found = runtime.servers(settings["address"], settings["backend"], time_limit_s=time_limit_s)
        return found, states.named(found, settings["backend"], settings["server"])

    def _set(
        self,
        settings: Mapping[str, str],
        server: Server,
        state: str,
        weight: int,
        time_limit_s: float,
    ) -> str:
        """Send what differs, then look again: what HAProxy shows is what counts."""
        commands = _commands(settings, server, state, weight)
        runtime.tell(settings["address"], *commands, time_limit_s=time_limit_s)
        found, after = self._look(settings, time_limit_s)
        done = _DONE[Action.WEIGHT if state == server.state else Action(state)]
        lines = [f"Before: {server.words()}", *(f"Sent: {command}" for command in commands)]
        lines += [f"Now: {after.words()}. It {done}.", f"{states.up(found)} servers are up."]
        return "\n".join(lines)


def _wanted(settings: Mapping[str, str], server: Server) -> tuple[str, int]:
    """The state and weight that the step asks for."""
    if settings["action"] == Action.WEIGHT:
        return server.state, int(settings["weight"])
    return settings["action"], server.weight


def _check_may(
    settings: Mapping[str, str],
    found: Mapping[str, Server],
    server: Server,
    state: str,
    weight: int,
) -> None:
    if states.takes_out(state, weight):
        states.check_enough_stay(found, server, backend=settings["backend"], least=_least(settings))


def _commands(settings: Mapping[str, str], before: Server, state: str, weight: int) -> list[str]:
    """What is to be sent: only what differs from how the server stands."""
    where = f"set server {settings['backend']}/{settings['server']}"
    changes = (
        (before.state != state, f"state {state}"),
        (before.weight != weight, f"weight {weight}"),
    )
    return [f"{where} {change}" for differs, change in changes if differs]


def _least(settings: Mapping[str, str]) -> int:
    return max(int(settings.get("least_up") or "1"), 1)


def _is_weight(text: str) -> bool:
    return (
        text.isascii() and text.isdecimal() and len(text) <= len("256") and int(text) <= MOST_WEIGHT
    )
