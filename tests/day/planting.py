"""Where and when things are planted, so that no two of them could rightly be taken for one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct, field
from tests.day.company import Company
from tests.day.plan import (
    STEP,
    Call,
    Firing,
    PlannedIncident,
    Problem,
    Sender,
    Why,
    Window,
)

MINUTE = timedelta(minutes=1)
APART = timedelta(minutes=65)
"""Problems near each other begin so long after the end of the one before: the product looks for
causes within an hour, and groups within half of one."""
_MOST_TRIES = 3000


class _Taken(Struct, frozen=True):
    near: frozenset[str]
    environment: str
    begins: datetime
    ends: datetime


class Planter(Struct):
    """Keeps what is planted; the stories use it. All chance comes from `rng`."""

    company: Company
    starts: datetime
    rng: Random
    firings: dict[str, Firing] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    incidents: list[PlannedIncident] = field(default_factory=list)
    quiet: dict[str, Why] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    _taken: list[_Taken] = field(default_factory=list)

    def room(
        self,
        services: Sequence[str],
        *,
        lasts: timedelta,
        environment: str = "PROD",
        hours: tuple[float, float] = (0.5, 22.0),
        at: datetime | None = None,
    ) -> datetime | None:
        """A free time for something at these services; None when there is no room."""
        begins = at or self.moment(*hours)
        near = self.company.near(services)
        ends = begins + lasts
        if ends >= self.starts + timedelta(hours=23, minutes=40):
            return None
        for one in self._taken:
            is_apart = begins >= one.ends + APART or one.begins >= ends + APART
            if one.environment == environment and not is_apart and not near.isdisjoint(one.near):
                return None
        taken = _Taken(frozenset(services), environment, begins, ends)
        self._taken.append(taken)
        return begins

    def place(
        self,
        candidates: Sequence[Sequence[str]],
        *,
        lasts: timedelta,
        environment: str = "PROD",
        hours: tuple[float, float] = (0.5, 22.0),
    ) -> tuple[Sequence[str], datetime]:
        """Choose one of the sets of services and a time at which nothing near it goes on."""
        for _ in range(_MOST_TRIES):
            chosen = self.rng.choice(candidates)
            at = self.room(chosen, lasts=lasts, environment=environment, hours=hours)
            if at is not None:
                return chosen, at
        raise RuntimeError("the day is too full: plant less, or take a larger company")

    def moment(self, first_hour: float, last_hour: float) -> datetime:
        """Some time on the grid between two hours of the day."""
        steps = timedelta(hours=1) // STEP
        return self.starts + STEP * self.rng.randrange(
            int(first_hour * steps), int(last_hour * steps)
        )

    def span(self, shortest_s: int, longest_s: int) -> timedelta:
        """Some length on the grid, both ends included."""
        return STEP * self.rng.randint(-(-shortest_s // 15), longest_s // 15)

    def fire(
        self,
        service: str,
        name: str,
        began: datetime,
        ended: datetime | None,
        *,
        severity: str = "error",
        environment: str = "PROD",
        place: str = "",
        sender: Sender = Sender.METRICS,
        like: str = "",
        **more: object,
    ) -> str:
        """Plant one life of an alert; `like` is the id of an earlier life of the same one."""
        number = f"a{len(self.firings) + 1:05d}"
        labels = {
            "alertname": name,
            "service": service,
            "env": environment,
            "instance": place or f"{service}-{number[1:]}",
            **({"severity": severity} if sender is Sender.METRICS else {}),
        }
        self.firings[number] = Firing(
            id=number,
            labels=self.firings[like].labels if like else labels,
            severity=severity,
            summary=f"{name} on {service}",
            began=began,
            ended=ended,
            sender=sender,
            **more,  # type: ignore[arg-type] # the optional fields of a firing, by name
        )
        return number

    def problem(
        self, story: str, team: str, firings: Iterable[str], *, since: datetime | None = None
    ) -> str:
        """Say that these alerts are one thing that is really wrong; return its id.

        `since` is when it needs somebody, where that is not at its first alert.
        """
        number = f"p{len(self.problems) + 1:03d}"
        known = frozenset(firings)
        lives = [self.firings[one] for one in known]
        self.problems[number] = Problem(
            id=number,
            story=story,
            team=team,
            began=since or min(life.began for life in lives),
            ended=max(life.ended or life.last_told or life.began for life in lives),
            firings=known,
        )
        return number

    def incident(
        self,
        story: str,
        problem: str,
        service: str,
        firings: Iterable[str],
        *calls: datetime,
        environment: str = "PROD",
        is_urgent: bool = True,
    ) -> None:
        """Say what incident there ought to be; without `calls` the first alert begins one."""
        known = frozenset(firings)
        team = self.company.team_of(service)
        first = min(self.firings[one].began for one in known)
        self.incidents.append(
            PlannedIncident(
                story=story,
                problem=problem,
                team=team,
                environment=environment,
                firings=known,
                calls=tuple(
                    Call(at=at, team=team, is_urgent=is_urgent) for at in calls or (first,)
                ),
            )
        )

    def hush(self, why: Why, *firings: str) -> None:
        """Say that these alerts call nobody, and why."""
        self.quiet.update(dict.fromkeys(firings, why))


class Sowing(Struct, frozen=True):
    """How often a story is planted; those with a fixed place come first."""

    story: Callable[[Planter], None]
    times: int
