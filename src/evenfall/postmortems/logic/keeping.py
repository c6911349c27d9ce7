"""How well promises are kept: for each owner, class and age, from plain rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.postmortems.logic.action_life import SETTLED, WORK, ActionClass, ActionState

AGES: Final = (
    (timedelta(weeks=2), "up to 2 weeks"),
    (timedelta(weeks=4), "2 to 4 weeks"),
    (timedelta(weeks=8), "4 to 8 weeks"),
    (timedelta.max, "more than 8 weeks"),
)


class Promise(Struct, frozen=True, kw_only=True):
    """One action as the report counts it; times are aware UTC."""

    owner: str
    level: ActionClass
    state: ActionState
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    recurrences: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in WORK

    @property
    def is_waiting(self) -> bool:
        """Done, and nobody has said yet that it works."""
        return self.state not in WORK | SETTLED

    @property
    def is_in_time(self) -> bool:
        return self.done_at is not None and self.done_at <= self.due_at


class Line(Struct, frozen=True, kw_only=True):
    """One line of the report; `in_time` is a share of the finished ones, None for none."""

    label: str
    open: int
    overdue: int
    unverified: int
    finished: int
    in_time: float | None
    recurred: int


def by_owner(promises: Iterable[Promise], now: datetime) -> list[Line]:
    """Those with the most that is overdue first."""
    lines = _lines(promises, lambda one: one.owner, now)
    return sorted(lines, key=lambda line: (-line.overdue, -line.open, line.label.casefold()))


def by_class(promises: Iterable[Promise], now: datetime) -> list[Line]:
    return sorted(_lines(promises, lambda one: one.level.value, now), key=lambda line: line.label)


def by_age(promises: Iterable[Promise], now: datetime) -> list[Line]:
    """The open ones only, by how long ago they were promised."""
    waiting = [one for one in promises if one.is_open]
    places = [label for _, label in AGES]
    lines = _lines(waiting, lambda one: age(now - one.created_at), now)
    return sorted(lines, key=lambda line: places.index(line.label))


def age(passed: timedelta) -> str:
    return next(label for most, label in AGES if passed <= most)


def _lines(
    promises: Iterable[Promise], name: Callable[[Promise], str], now: datetime
) -> list[Line]:
    groups: defaultdict[str, list[Promise]] = defaultdict(list)
    for one in promises:
        groups[name(one)].append(one)
    return [_line(label, members, now) for label, members in groups.items()]


def _line(label: str, members: Sequence[Promise], now: datetime) -> Line:
    finished = [one for one in members if one.done_at is not None]
    in_time = sum(one.is_in_time for one in finished)
    return Line(
        label=label,
        open=sum(one.is_open for one in members),
        overdue=sum(one.is_open and one.due_at < now for one in members),
        unverified=sum(one.is_waiting for one in members),
        finished=len(finished),
        in_time=in_time / len(finished) if finished else None,
        recurred=sum(one.recurrences > 0 for one in members),
    )
