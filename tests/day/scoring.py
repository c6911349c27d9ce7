"""Precision, recall and pages per real problem, by the same measure for everybody.

A page is *needed* when it is the first to tell of a real problem while that lasts. Precision is the
share of needed pages among all, recall the share of real problems that were told of. A second team
called for one problem, a second call for a fix that did not hold and a page for what is over before
anybody could look are not needed by this measure, even where somebody would want them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from msgspec import Struct
from tests.day.comparing import FoundIncident
from tests.day.plan import Day, Problem
from tests.day.rivals import Ring

HOURS: Final = 24
_MORNING, _EVENING = 7, 22


class Score(Struct, frozen=True, kw_only=True):
    """How a day went by one way of paging. `waits` are the times from problem to first page."""

    name: str
    problems: int
    pages: int
    needed: int
    told: int
    at_night: int
    by_hour: tuple[int, ...]
    waits: tuple[timedelta, ...]

    @property
    def precision(self) -> float:
        return self.needed / self.pages if self.pages else 0.0

    @property
    def recall(self) -> float:
        return self.told / self.problems if self.problems else 1.0

    @property
    def per_problem(self) -> float:
        return self.pages / self.problems if self.problems else 0.0

    @property
    def usual_wait_s(self) -> float:
        return median(wait.total_seconds() for wait in self.waits) if self.waits else 0.0

    @property
    def longest_wait_s(self) -> float:
        return max((wait.total_seconds() for wait in self.waits), default=0.0)

    @property
    def figures(self) -> dict[str, float]:
        """What can be compared, for another program."""
        return {
            "pages": self.pages,
            "per_problem": self.per_problem,
            "precision": self.precision,
            "recall": self.recall,
            "at_night": self.at_night,
        }


def night(at: datetime) -> bool:
    """Whether people sleep: from 22:00 to 07:00."""
    return not _MORNING <= at.hour < _EVENING


def score(day: Day, name: str, rings: Sequence[Ring]) -> Score:
    """Judge the pages of a day, in time order."""
    problem_of = {
        number: problem for problem in day.problems.values() for number in problem.firings
    }
    told: dict[str, timedelta] = {}
    needed = 0
    for ring in rings:
        fresh = [one for one in _problems(ring, problem_of) if one.id not in told]
        told.update((one.id, ring.at - one.began) for one in fresh)
        needed += bool(fresh)
    hours = [ring.at.hour for ring in rings]
    return Score(
        name=name,
        problems=len(day.problems),
        pages=len(rings),
        needed=needed,
        told=len(told),
        at_night=sum(night(ring.at) for ring in rings),
        by_hour=tuple(hours.count(hour) for hour in range(HOURS)),
        waits=tuple(told.values()),
    )


def _problems(ring: Ring, problem_of: dict[str, Problem]) -> Iterable[Problem]:
    """The problems that last, and that the page tells of."""
    found = {problem_of[n].id: problem_of[n] for n in sorted(ring.firings) if n in problem_of}
    return [one for one in found.values() if one.began <= ring.at <= one.ended]


def rings_of(day: Day, incidents: Iterable[FoundIncident]) -> list[Ring]:
    """Our urgent pages, each with the alerts of its incident that had begun by then."""
    rings = [
        Ring(
            at=call.at,
            firings=frozenset(n for n in one.firings if day.firings[n].began <= call.at),
        )
        for one in incidents
        for call in one.calls
        if call.is_urgent
    ]
    return sorted(rings, key=lambda ring: ring.at)
