"""Proposes who takes the coming shifts: everybody's load even, within rules that never bend.

Levels are made even: what somebody carried until now, plus the points of the shifts they would
take, each over their part of full time. The sum of the squared levels is made small, first by
giving each shift in turn to the lowest level (going back where that leads nowhere), then by moving
and exchanging shifts while it helps. A changed shift must be worth it, because people made plans.
There is no chance in it: the same input gives the same proposal.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from evenfall.oncall.logic.planner_board import Board, Line
from evenfall.oncall.logic.turns import Candidate, Rule, Shift

SETTLED = "Has begun, or was decided by people."
KEPT = "Keeps the turn of the plan."
NOBODY = "Nobody may take it; see the rules."
EVENS = "Evens out the load: {level:.0f} points until then, the mean is {mean:.0f}."
SECONDS = "Evens out the turns: {level:.0f} hours as lieutenant until then, the mean is {mean:.0f}."
CANNOT = "Whoever has it now {rule}. {evens}"


class Assignment(Struct, frozen=True, kw_only=True):
    """Who should have a shift and why; `blocked` says why nobody may, by person.

    A shift that nobody may take stays with whoever has it now.
    """

    shift: Shift
    user_id: int | None
    why: str
    blocked: tuple[tuple[int, Rule], ...] = ()

    @property
    def is_change(self) -> bool:
        return self.user_id != self.shift.user_id


class Proposal(Struct, frozen=True, kw_only=True):
    """The shifts in order, and everybody's level now, by the present plan, and by this one."""

    assignments: tuple[Assignment, ...]
    now: Mapping[int, float]
    present: Mapping[int, float]
    proposed: Mapping[int, float]

    @property
    def changes(self) -> tuple[Assignment, ...]:
        return tuple(one for one in self.assignments if one.is_change)


def propose(
    shifts: Sequence[Shift], candidates: Sequence[Candidate], *, evens: str = EVENS
) -> Proposal:
    """The shifts by start; every candidate has points for every shift. `evens` words the reason.

    Three starts are tried: the present plan where the rules allow it, the same with its holes
    filled, and all dealt anew; the best of what they lead to is proposed.
    """
    board = Board(shifts, candidates)
    kept = board.legal(board.present)
    starts = (board.filled(kept), board.dealt())
    chosen = min(map(board.improved, starts), key=board.cost)
    told = tuple(_told(board, number, chosen, evens) for number in range(len(shifts)))
    return Proposal(
        assignments=told,
        now={one.user_id: one.level for one in candidates},
        present=board.levels(board.present),
        proposed=board.levels(tuple(one.user_id for one in told)),
    )


def _told(board: Board, number: int, line: Line, evens: str) -> Assignment:
    shift, user_id = board.shifts[number], line[number]
    if shift.is_settled:
        return Assignment(shift=shift, user_id=shift.user_id, why=SETTLED)
    if user_id is None:
        blocked = tuple(board.rules(number, line).items())
        return Assignment(shift=shift, user_id=shift.user_id, why=NOBODY, blocked=blocked)
    why = KEPT if user_id == shift.user_id else _why(board, number, line, evens)
    return Assignment(shift=shift, user_id=user_id, why=why)


def _why(board: Board, number: int, line: Line, evens: str) -> str:
    """Why somebody else takes the shift: what both carried when it begins, and any rule."""
    before = board.levels(line[:number])
    mean = sum(before.values()) / len(before)
    evens = evens.format(level=before[line[number] or 0], mean=mean)
    rule = board.barred(number, board.shifts[number].user_id)
    return CANNOT.format(rule=rule.value, evens=evens) if rule else evens
