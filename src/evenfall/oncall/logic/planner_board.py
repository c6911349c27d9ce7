"""The search for the best proposal: lines of people for the free shifts, and what each costs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from evenfall.oncall.logic.turns import Candidate, Rule, Shift, between, closed

type Line = tuple[int | None, ...]
"""Who has each shift; None is nobody."""

WORTH = 0.1
"""A change must even out at least this part of a usual shift."""
MOST_STEPS = 2_000
MOST_PASSES = 10
LEAST_GAIN = 1e-6


class Board:
    """The shifts, who may take them beside whom, and what a line of people costs."""

    def __init__(self, shifts: Sequence[Shift], candidates: Sequence[Candidate]) -> None:
        self.shifts = shifts
        self.people = {one.user_id: one for one in sorted(candidates, key=lambda c: c.user_id)}
        self.present: Line = tuple(shift.user_id for shift in shifts)
        self.free = [number for number, shift in enumerate(shifts) if not shift.is_settled]
        self._closed = {
            (number, user_id): rule
            for number in self.free
            for user_id, person in self.people.items()
            if (rule := closed(shifts[number], person)) is not None
        }
        self._between = _collisions(shifts)
        points = [value for person in candidates for value in person.points]
        self._worth = (WORTH * sum(points) / len(points)) ** 2 if points else 0.0

    def levels(self, line: Line) -> dict[int, float]:
        """What everybody will have carried after the shifts of the line, settled ones too."""
        levels = {user_id: person.level for user_id, person in self.people.items()}
        for number, user_id in enumerate(line):
            if user_id in levels:
                levels[user_id] += self._weight(number, user_id)
        return levels

    def cost(self, line: Line) -> tuple[int, float]:
        """First as few shifts without anybody as can be, then even levels and few changes."""
        empty = sum(line[number] is None for number in self.free)
        changes = sum(line[number] != self.present[number] for number in self.free)
        levels = self.levels(line)
        squares = sum(one.part * levels[i] ** 2 for i, one in self.people.items())
        return empty, squares + changes * self._worth

    def rule(self, number: int, user_id: int, line: Line) -> Rule | None:
        """Why the person may not take the shift beside the others of the line."""
        if (number, user_id) in self._closed:
            return self._closed[number, user_id]
        for other, rule in self._between[number].items():
            if line[other] == user_id:
                return rule
        return None

    def rules(self, number: int, line: Line) -> dict[int, Rule]:
        """Why each person may not; whoever may is left out."""
        found = {user_id: self.rule(number, user_id, line) for user_id in self.people}
        return {user_id: rule for user_id, rule in found.items() if rule is not None}

    def barred(self, number: int, user_id: int | None) -> Rule | None:
        """Why the person may not take the shift at all, whoever has the others."""
        return self._closed.get((number, user_id)) if user_id is not None else None

    def legal(self, line: Line) -> Line:
        """The line without those who may not have their shift; of two the earlier one stays."""
        kept = self._empty()
        for number in self.free:
            user_id = line[number]
            if user_id in self.people and self.rule(number, user_id, kept) is None:
                kept = _with(kept, {number: user_id})
        return kept

    def filled(self, line: Line) -> Line:
        """The line with each empty shift given to the lowest level that may take it."""
        for number in self.free:
            if line[number] is None and (found := self._allowed(number, line)):
                line = _with(line, {number: found[0]})
        return line

    def dealt(self) -> Line:
        """All free shifts dealt anew, each to the lowest level, going back from dead ends.

        Where there is no way, or none in a bounded number of steps, some shifts stay empty.
        """
        line, ways = self._empty(), list[Iterator[int]]()
        for _ in range(MOST_STEPS):
            if len(ways) == len(self.free):
                return line
            number = self.free[len(ways)]
            ways.append(iter(self._allowed(number, line)))
            while ways:
                number = self.free[len(ways) - 1]
                line = _with(line, {number: next(ways[-1], None)})
                if line[number] is not None:
                    break
                ways.pop()
            if not ways:
                break
        return self.filled(self._empty())

    def improved(self, line: Line) -> Line:
        """The line after moves and exchanges that help, until none does."""
        for _ in range(MOST_PASSES):
            better = self._pass(line)
            if better == line:
                break
            line = better
        return line

    def _pass(self, line: Line) -> Line:
        levels = self.levels(line)
        for number in self.free:
            for user_id in self.people:
                line = self._tried(line, levels, {number: user_id})
        for one, other in combinations(self.free, 2):
            mine, theirs = line[one], line[other]
            if mine is not None and theirs is not None:
                line = self._tried(line, levels, {one: theirs, other: mine})
        return line

    def _tried(self, line: Line, levels: dict[int, float], changes: Mapping[int, int]) -> Line:
        """The line with the changes if they help and are allowed; levels follow."""
        moved = self._moved(line, changes)
        gain = sum(
            self.people[user_id].part * weight * (2 * levels[user_id] + weight)
            for user_id, weight in moved.items()
        )
        gain += self._worth * sum(
            (user_id != self.present[number]) - (line[number] != self.present[number])
            for number, user_id in changes.items()
        )
        if not moved or gain > -LEAST_GAIN:
            return line
        tried = _with(line, dict.fromkeys(changes))
        for number, user_id in changes.items():
            if self.rule(number, user_id, tried) is not None:
                return line
            tried = _with(tried, {number: user_id})
        for user_id, weight in moved.items():
            levels[user_id] += weight
        return tried

    def _moved(self, line: Line, changes: Mapping[int, int]) -> dict[int, float]:
        """How much each level changes; nothing where a shift has nobody or stays."""
        moved: dict[int, float] = defaultdict(float)
        for number, user_id in changes.items():
            before = line[number]
            if before is None or before == user_id:
                return {}
            moved[before] -= self._weight(number, before)
            moved[user_id] += self._weight(number, user_id)
        return moved

    def _allowed(self, number: int, line: Line) -> list[int]:
        """Who may take the shift, the lowest level after it first."""
        levels = self.levels(line)
        found = [one for one in self.people if self.rule(number, one, line) is None]
        return sorted(found, key=lambda one: (levels[one] + self._weight(number, one), one))

    def _weight(self, number: int, user_id: int) -> float:
        """What the shift adds to the person's level: half of full time feels twice the points."""
        person = self.people[user_id]
        return person.points[number] / person.part

    def _empty(self) -> Line:
        return tuple(shift.user_id if shift.is_settled else None for shift in self.shifts)


def _collisions(shifts: Sequence[Shift]) -> list[dict[int, Rule]]:
    """For each shift the others that nobody may have beside it, with the rule."""
    found: list[dict[int, Rule]] = [{} for _ in shifts]
    for one, other in combinations(range(len(shifts)), 2):
        if (rule := between(shifts[one], shifts[other])) is not None:
            found[one][other] = found[other][one] = rule
    return found


def _with(line: Line, changes: Mapping[int, int | None]) -> Line:
    changed = list(line)
    for number, user_id in changes.items():
        changed[number] = user_id
    return tuple(changed)
