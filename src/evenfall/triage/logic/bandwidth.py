"""The hours a team has for what can wait, and what fits into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil, inf

FOCUS = 0.7
"""The part of contract hours in which people get to work at all."""
ON_CALL_COST = 0.5
"""What a whole week of duty takes of what remains."""
SHARE = 0.2
FULL_WEEK = 40.0
UNKNOWN_EFFORT = 4.0
"""The hours taken for what nobody estimated."""
MOST_WEEKS = 520


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWeek:
    """One person in one week; hours, and the share of the week on call, 0 to 1."""

    name: str
    contract: float = FULL_WEEK
    leave: float = 0.0
    meetings: float = 0.0
    sprint: float = 0.0
    on_call: float = 0.0
    focus: float = FOCUS
    share: float = SHARE

    @property
    def hours(self) -> float:
        """What is left for the review, never less than nothing."""
        free = self.contract * self.focus - self.leave - self.meetings
        after_duty = free - max(free, 0.0) * ON_CALL_COST * self.on_call
        return max(after_duty - self.sprint, 0.0) * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One item that waits; `due_at` only where its promise is at risk."""

    item_id: int
    rank: tuple[bool, float]
    effort_hours: float | None
    due_at: datetime | None = None

    @property
    def hours(self) -> float:
        return UNKNOWN_EFFORT if self.effort_hours is None else self.effort_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfitting:
    """The first item that does not fit, the Monday of the week it does, and what would help."""

    item_id: int
    extra_hours: float
    monday: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What this week holds. `first_out` is None when everything fits."""

    hours: float
    used: float
    fits: tuple[int, ...] = ()
    first_out: Unfitting | None = field(default=None)


def ordered(works: Iterable[Work]) -> list[Work]:
    """What is at risk first, the earliest deadline first; then by score."""
    return sorted(works, key=_place)


def plan(works: Iterable[Work], *, hours: float, monday: date) -> Plan:
    """Fill the week that begins on `monday`, in order, until something does not fit.

    What comes after that does not overtake it: the order is what people were told.
    """
    used, fits = 0.0, list[int]()
    for work in ordered(works):
        if used + work.hours > hours:
            out = _unfitting(work, used=used, hours=hours, monday=monday)
            return Plan(hours=hours, used=used, fits=tuple(fits), first_out=out)
        used += work.hours
        fits.append(work.item_id)
    return Plan(hours=hours, used=used, fits=tuple(fits))


def total_hours(people: Sequence[PersonWeek]) -> float:
    return sum(person.hours for person in people)


def _unfitting(work: Work, *, used: float, hours: float, monday: date) -> Unfitting:
    """When it is done if every week had these hours."""
    needed = used + work.hours
    weeks = ceil(needed / hours) if hours > 0 else MOST_WEEKS + 1
    fits_on = monday + timedelta(weeks=weeks - 1) if weeks <= MOST_WEEKS else None
    return Unfitting(item_id=work.item_id, extra_hours=needed - hours, monday=fits_on)


def _place(work: Work) -> tuple[float, bool, float, int]:
    is_pinned, score = work.rank
    deadline = inf if work.due_at is None else work.due_at.timestamp()
    return (deadline, not is_pinned, -score, work.item_id)
