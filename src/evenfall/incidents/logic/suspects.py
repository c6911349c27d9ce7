"""Which change an incident most likely came from: a score with all that it is made of.

score = age x distance x kind x environment x report; each part is between 0 and 1 and is shown.
Nothing older than `MAX_AGE` is a suspect, and nothing that the service has nothing to do with: the
last deploy before an incident, however old, says nothing.
"""

import math
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from evenfall.platform import durations

MAX_AGE: Final = timedelta(hours=24)
HALF_LIFE: Final = timedelta(hours=4)
GRACE: Final = timedelta(minutes=15)
"""Pipelines report a deploy when it ends; its harm may begin before that."""
LEAST: Final = 0.01
LIKELY: Final = 0.5
LIKELY_AGE: Final = HALF_LIFE * math.log2(1 / LIKELY)
"""No part of a score is over 1, so nothing older than this is `LIKELY`, however well it fits."""
_LATE: Final = 0.5
_NEEDS: Final = (0.7, 0.4, 0.2)
_NEEDED_BY: Final = (0.4, 0.2)
_NOWHERE: Final = 0.15
_OTHER_ENVIRONMENT: Final = 0.1
_UNKNOWN_ENVIRONMENT: Final = 0.7
_KINDS: Final[Mapping[str, float]] = {
    "deploy": 1.0,
    "config": 0.9,
    "flag": 0.9,
    "infrastructure": 0.8,
    "certificate": 0.8,
    "experiment": 0.8,
    "data": 0.7,
    "other": 0.4,
}


class Part(Struct, frozen=True):
    """One factor of a score and what it stands for."""

    words: str
    factor: float

    @property
    def percent(self) -> int:
        return round(self.factor * 100)


class Candidate(Struct, frozen=True, kw_only=True):
    """A change as far as suspicion goes. `reported_late`: it is known from its end only."""

    kind: str
    service_id: int | None
    environment: str
    at: datetime
    reported_late: bool = False


class Scored(Struct, frozen=True):
    """`value` is between 0 and 1."""

    value: float
    parts: tuple[Part, ...]


class Near(Struct, frozen=True):
    """How a service is connected with those of an incident: a factor and the words for it."""

    factor: float
    words: str


class Scene(Struct, frozen=True, kw_only=True):
    """Where and when an incident began; `near` holds every service that has to do with it."""

    began_at: datetime
    environment: str
    near: Mapping[int, Near]


def score(candidate: Candidate, scene: Scene) -> Scored | None:
    """Rate a change; None where it cannot have caused the incident."""
    age = _age(candidate, scene)
    near = _near(candidate, scene)
    if age is None or near is None:
        return None
    kind = Part(candidate.kind, _KINDS.get(candidate.kind, _KINDS["other"]))
    parts = (*age, near, kind, _place(candidate, scene))
    value = 1.0
    for part in parts:
        value *= part.factor
    return Scored(value, parts) if value >= LEAST else None


class Ways(NamedTuple):
    """The dependencies of all services: what each needs, and what needs it."""

    needs: Mapping[int, list[int]]
    needed_by: Mapping[int, list[int]]


def ways(edges: Iterable[tuple[int, int]]) -> Ways:
    """An edge is (a service, one that it needs)."""
    needs: dict[int, list[int]] = {}
    needed_by: dict[int, list[int]] = {}
    for service, needed in edges:
        needs.setdefault(service, []).append(needed)
        needed_by.setdefault(needed, []).append(service)
    return Ways(needs, needed_by)


def neighbours(services: Collection[int], by: Ways) -> dict[int, Near]:
    """Every service near these, by id.

    What a service needs can break it, over up to three steps; what needs it can overload it, over
    two. The shortest way counts, and of two as short the stronger one.
    """
    found = {
        number: Near(_NEEDED_BY[steps - 1], _steps("a service that needs it", steps))
        for number, steps in _reached(services, by.needed_by, len(_NEEDED_BY)).items()
    }
    for number, steps in _reached(services, by.needs, len(_NEEDS)).items():
        one = Near(_NEEDS[steps - 1], _steps("a service that it needs", steps))
        found[number] = max(one, found.get(number, one), key=lambda near: near.factor)
    return found | dict.fromkeys(services, Near(1.0, "the same service"))


def _reached(
    services: Collection[int], edges: Mapping[int, list[int]], most: int
) -> dict[int, int]:
    """The number of steps to each service that is reached in `most` steps or fewer."""
    steps = dict.fromkeys(services, 0)
    waiting = deque(services)
    while waiting:
        one = waiting.popleft()
        if steps[one] == most:
            continue
        for other in edges.get(one, ()):
            if other not in steps:
                steps[other] = steps[one] + 1
                waiting.append(other)
    return {number: count for number, count in steps.items() if count}


def _steps(words: str, steps: int) -> str:
    return words if steps == 1 else f"{words}, over {steps} steps"


def _age(candidate: Candidate, scene: Scene) -> tuple[Part, ...] | None:
    age = scene.began_at - candidate.at
    if timedelta(0) <= age <= MAX_AGE:
        return (Part(f"{durations.spoken(age)} before", 0.5 ** (age / HALF_LIFE)),)
    if candidate.reported_late and -GRACE <= age < timedelta(0):
        return (Part(f"reported {durations.spoken(age)} after it began", _LATE),)
    return None


def _near(candidate: Candidate, scene: Scene) -> Part | None:
    if candidate.service_id is None:
        return Part("of no service that anybody named", _NOWHERE)
    near = scene.near.get(candidate.service_id)
    return None if near is None else Part(near.words, near.factor)


def _place(candidate: Candidate, scene: Scene) -> Part:
    if not candidate.environment:
        return Part("environment not told", _UNKNOWN_ENVIRONMENT)
    if candidate.environment == scene.environment:
        return Part("the same environment", 1.0)
    return Part(f"in {candidate.environment}", _OTHER_ENVIRONMENT)
