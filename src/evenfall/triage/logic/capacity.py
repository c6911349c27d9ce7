"""Whether more urgent work comes in than a team has hours for, and when its leads are told."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from evenfall.triage.logic.priority import Priority

URGENT = (Priority.P1, Priority.P2)
IN_A_ROW = 2
"""One week is bad luck; so many weeks in a row are too few people."""
WEEK = timedelta(weeks=1)


class WeekLoad(Struct, frozen=True, kw_only=True):
    """The hours of urgent work that came in from `monday` on, and those that the team had.

    `told`: at the end of this week people were told.
    """

    monday: date
    inflow: float
    hours: float
    items: int = 0
    told: bool = False

    @property
    def is_over(self) -> bool:
        return self.inflow > self.hours

    @property
    def missing(self) -> float:
        """How many hours more would have held what came in."""
        return max(self.inflow - self.hours, 0.0)


class Verdict(Struct, frozen=True, kw_only=True):
    """`run` are the last weeks in a row with too much. `tell` is true once for each such run."""

    run: tuple[WeekLoad, ...]

    @property
    def is_alarm(self) -> bool:
        return len(self.run) >= IN_A_ROW

    @property
    def tell(self) -> bool:
        return self.is_alarm and not any(week.told for week in self.run)

    @property
    def missing(self) -> float:
        """With so many hours more in each of these weeks all of it would have fitted."""
        return max((week.missing for week in self.run), default=0.0)


def judge(weeks: Sequence[WeekLoad]) -> Verdict:
    """Look at complete weeks, the oldest first; a week that nobody measured ends the row."""
    run = list[WeekLoad]()
    for week in reversed(weeks):
        if not week.is_over or (run and week.monday + WEEK != run[-1].monday):
            break
        run.append(week)
    return Verdict(run=tuple(reversed(run)))
