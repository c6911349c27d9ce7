"""Priority from impact and urgency, by the matrix of ITIL; and what is promised for each."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

BUSINESS_DAY = timedelta(hours=8)
"""What a business day stands for, in business time."""


class Level(StrEnum):
    """How bad (impact) or how soon (urgency)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """From P1, now, to P5, some day."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


def priority_of(impact: Level, urgency: Level) -> Priority:
    """The cell of the matrix: each step down on either axis costs one class."""
    levels = list(Level)
    return list(Priority)[levels.index(impact) + levels.index(urgency)]


def matrix() -> list[tuple[Level, list[Priority]]]:
    """The rows of the matrix by impact; columns are urgencies, high to low."""
    return [(impact, [priority_of(impact, urgency) for urgency in Level]) for impact in Level]


class Targets(Struct, frozen=True, kw_only=True):
    """What is promised for a priority, in business time; None promises nothing.

    With `around_the_clock` every hour counts, whatever the calendar says.
    """

    first_response: timedelta | None
    decision: timedelta | None
    next_contact: timedelta | None
    resolution: timedelta | None
    around_the_clock: bool = False


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _days(count: int) -> timedelta:
    return count * BUSINESS_DAY


def _targets(times: Sequence[timedelta | None], *, always: bool = False) -> Targets:
    first, decision, contact, resolution = times
    return Targets(
        first_response=first,
        decision=decision,
        next_contact=contact,
        resolution=resolution,
        around_the_clock=always,
    )


DEFAULT_TARGETS: dict[Priority, Targets] = {
    Priority.P1: _targets((_hours(0.25), _hours(1), _hours(1), _hours(4)), always=True),
    Priority.P2: _targets((_hours(1), _hours(4), _hours(4), _days(1))),
    Priority.P3: _targets((_hours(4), _days(2), _days(2), _days(5))),
    Priority.P4: _targets((_days(1), _days(5), _days(5), _days(20))),
    Priority.P5: _targets((_days(2), _days(10), _days(10), None)),
}
