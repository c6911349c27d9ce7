"""Dependency suppression: the checkout fails because the database it needs is down.

A *problem* is an alert that calls people now. An alert that would call people too is held while a
problem is open at a service that its own service needs: it joins the incident of that problem, and
its team is told without being woken. Only what calls can be a cause, and what is held calls nobody,
so that nothing is ever held by something that is held itself: whatever the graph looks like, a
circle included, somebody is called.

Only hard dependencies count: a service is meant to live without what it needs softly, so a failure
then is a problem of its own.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.alerting.logic.updates import Severity

MOST_STEPS: Final = 3
LONGEST_WAY: Final = 6
WINDOW: Final = timedelta(hours=1)
LINGER: Final = timedelta(minutes=5)
"""So long a symptom goes on waiting when its cause is over: rates look back over minutes, and what
failed has to recover. Who is called for each of them at the end of an outage is called for nothing.
"""
LONGEST_WINDOW: Final = timedelta(hours=24)
FIRST_TIER: Final = 1
_MOST_CAUSED: Final = 20

type _Steps = Mapping[int, int]
type _Place = tuple[int, str]


class Holding(StrEnum):
    """Whether alerts of a service may wait for a service that it needs."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Why(StrEnum):
    """Why an alert is held, or why it calls people all the same."""

    CAUSED = "caused"
    NO_CAUSE = "no_cause"
    QUIET = "quiet"
    SPLIT_OFF = "split_off"
    CALLED = "called"
    NEVER_HELD = "never_held"
    VITAL = "vital"


class Node(Struct, frozen=True):
    """A service as the graph knows it. `tier` is 1 to 4, 1 hurts most."""

    id: int
    name: str
    team_id: int | None
    tier: int
    holding: Holding = Holding.AUTO


@dataclass(frozen=True, slots=True)
class ServiceGraph:
    """Who needs whom, over at most `most_steps`; `version` 0 stands for none.

    What is near a service is worked out once and kept: a storm asks for the same few over and over.
    """

    version: int = 0
    nodes: Mapping[int, Node] = field(default_factory=dict)
    needs: Mapping[int, Sequence[int]] = field(default_factory=dict)
    needed_by: Mapping[int, Sequence[int]] = field(default_factory=dict)
    most_steps: int = MOST_STEPS
    window: timedelta = WINDOW
    _below: dict[int, _Steps] = field(default_factory=dict, compare=False)
    _above: dict[int, _Steps] = field(default_factory=dict, compare=False)

    def knows(self, service_id: int) -> bool:
        """Whether the service needs another one, or is needed."""
        return service_id in self.needs or service_id in self.needed_by

    def below(self, service_id: int) -> _Steps:
        """What the service needs, with the number of steps to it; without the service itself."""
        if service_id not in self._below:
            self._below[service_id] = _near(self.needs, service_id, self.most_steps)
        return self._below[service_id]

    def above(self, service_id: int) -> _Steps:
        """What needs the service, likewise."""
        if service_id not in self._above:
            self._above[service_id] = _near(self.needed_by, service_id, self.most_steps)
        return self._above[service_id]

    def name(self, service_id: int) -> str:
        node = self.nodes.get(service_id)
        return node.name if node else f"service {service_id}"


def graph_of(
    *,
    version: int,
    nodes: Iterable[Node],
    edges: Iterable[tuple[int, int]],
    most_steps: int = MOST_STEPS,
    window: timedelta = WINDOW,
) -> ServiceGraph:
    """Build a graph; an edge is (a service, one that it needs)."""
    needs: dict[int, list[int]] = {}
    needed_by: dict[int, list[int]] = {}
    for service, needed in edges:
        needs.setdefault(service, []).append(needed)
        needed_by.setdefault(needed, []).append(service)
    known = {node.id: node for node in nodes}
    return ServiceGraph(version, known, needs, needed_by, most_steps, window)


def _near(ways: Mapping[int, Sequence[int]], start: int, most: int) -> _Steps:
    """The fewest steps to each service within reach; every service is looked at once."""
    steps = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if steps[here] == most:
            break  # the rest of the queue is as far away
        for there in ways.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                waiting.append(there)
    del steps[start]
    return steps


class Problem(Struct, frozen=True, kw_only=True):
    """An open alert that calls people. `opened_at` is aware UTC."""

    alert_id: int
    summary: str
    service_id: int
    environment: str
    team_id: int | None
    opened_at: datetime
    group_key: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """An alert that is being decided; `calls`: without a cause it would call people.

    `is_urgent`: it would wake them, so that it can be a cause itself. `called` says that people
    were called for it before, `is_split` that somebody said it is a problem of its own.
    """

    problem: Problem
    severity: Severity
    calls: bool
    is_urgent: bool
    called: bool = False
    is_split: bool = False


class Finding(Struct, frozen=True, kw_only=True):
    """What the graph says of an alert: its cause, if any, and whether it waits for it.

    `caused` are problems, open before, that it is probably the cause of: the oldest of each
    service, the nearest first.
    """

    why: Why
    cause: Problem | None = None
    steps: int = 0
    caused: tuple[Problem, ...] = ()

    @property
    def is_held(self) -> bool:
        return self.why is Why.CAUSED


def findings(
    asked: Sequence[Asked], standing: Iterable[Problem], graph: ServiceGraph
) -> dict[int, Finding]:
    """Say of each alert of a batch what it comes from, by its id.

    Alerts of one batch can be causes of each other, in whatever order they came: those that have no
    cause at all, or may not be held, are causes first; then the others are held by these.
    """
    before = _by_place(standing)
    possible = _by_place([*_flat(before), *(one.problem for one in asked if one.is_urgent)])
    refusals = {one.problem.alert_id: _refusal(one, graph) for one in asked}
    roots = [
        one.problem
        for one in asked
        if one.is_urgent
        and (refusals[one.problem.alert_id] or _nearest(one.problem, possible, graph) is None)
    ]
    sure = _by_place([*_flat(before), *roots])
    return {
        one.problem.alert_id: _finding(
            one, refusals[one.problem.alert_id], sure=sure, before=before, graph=graph
        )
        for one in asked
    }


def _finding(
    one: Asked,
    refusal: Why | None,
    *,
    sure: Mapping[_Place, Sequence[Problem]],
    before: Mapping[_Place, Sequence[Problem]],
    graph: ServiceGraph,
) -> Finding:
    found = _nearest(one.problem, sure, graph) if one.calls else None
    caused = _caused(one.problem, before, graph) if one.is_urgent and found is None else ()
    if found is None:
        return Finding(why=Why.NO_CAUSE if one.calls else Why.QUIET, caused=caused)
    cause, steps = found
    return Finding(why=refusal or Why.CAUSED, cause=cause, steps=steps)


def _refusal(one: Asked, graph: ServiceGraph) -> Why | None:
    """Why an alert is not held, whatever its cause; None when it may be."""
    node = graph.nodes.get(one.problem.service_id)
    holding = node.holding if node else Holding.AUTO
    if one.is_split:
        return Why.SPLIT_OFF
    if one.called:
        return Why.CALLED
    if holding is Holding.NEVER:
        return Why.NEVER_HELD
    is_vital = node is not None and node.tier == FIRST_TIER and one.severity is Severity.CRITICAL
    return Why.VITAL if is_vital and holding is Holding.AUTO else None


def _nearest(
    problem: Problem, known: Mapping[_Place, Sequence[Problem]], graph: ServiceGraph
) -> tuple[Problem, int] | None:
    """The problem at the nearest service that this one's needs; of several the oldest."""
    found = [
        (steps, other.alert_id, other)
        for service_id, steps in graph.below(problem.service_id).items()
        for other in known.get((service_id, problem.environment), ())
        if _together(problem, other, graph)
    ]
    if not found:
        return None
    steps, _, cause = min(found, key=lambda one: one[:2])
    return cause, steps


def _caused(
    problem: Problem, before: Mapping[_Place, Sequence[Problem]], graph: ServiceGraph
) -> tuple[Problem, ...]:
    found = [
        (steps, others[0].alert_id, others[0])
        for service_id, steps in graph.above(problem.service_id).items()
        if (others := _fitting(problem, before.get((service_id, problem.environment), ()), graph))
    ]
    found.sort(key=lambda one: one[:2])
    return tuple(one for _, _, one in found[:_MOST_CAUSED])


def _fitting(problem: Problem, others: Sequence[Problem], graph: ServiceGraph) -> list[Problem]:
    return [one for one in others if _together(problem, one, graph)]


def _together(one: Problem, other: Problem, graph: ServiceGraph) -> bool:
    """What began within the window may belong together; a database down for days does not."""
    return one.alert_id != other.alert_id and abs(one.opened_at - other.opened_at) <= graph.window


def _by_place(problems: Iterable[Problem]) -> dict[_Place, list[Problem]]:
    """The oldest and the newest problem of each service and environment.

    Those between say nothing more, and a storm has thousands of them at one service.
    """
    found: dict[_Place, list[Problem]] = {}
    for one in sorted(problems, key=lambda one: one.alert_id):
        ends = found.setdefault((one.service_id, one.environment), [])
        ends[1:] = [one]
    return found


def _flat(places: Mapping[_Place, Sequence[Problem]]) -> Iterable[Problem]:
    return (one for some in places.values() for one in some)


def needs_words(graph: ServiceGraph, service_id: int, cause: Problem, steps: int) -> str:
    """How the services hang together: "Checkout needs Database, over 2 steps"."""
    way = f", over {steps} steps" if steps > 1 else ""
    return f"{graph.name(service_id)} needs {graph.name(cause.service_id)}{way}"
