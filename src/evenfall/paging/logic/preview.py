"""Who would be paged, minute by minute, if nobody ever answered."""

from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.people import Directory
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.logic.walk import Move
from evenfall.paging.logic.words import Reason, Urgency

MAX_LINES = 30


class Line(Struct, frozen=True, kw_only=True):
    """What happens `after` the start of a page."""

    after: timedelta
    move: Move


def preview(
    policy: PolicySpec,
    *,
    team_id: int | None,
    directory: Directory,
    now: datetime,
    severity: str | None = None,
) -> tuple[Line, ...]:
    """The moves of a high-urgency page that starts `now`, up to the first catch-all.

    `directory` is the snapshot of `now` and is used for all of it: a hand-over during the next
    hours is not foreseen. Time conditions are judged at the time of each step.
    """
    lines: list[Line] = []
    at = now
    state = machine.first_state(urgency=Urgency.HIGH, severity=severity, now=now)
    while len(lines) < MAX_LINES and not _reached_the_end(lines, state.round, policy):
        outcome = walk.take_due(state, policy=policy, team_id=team_id, directory=directory, now=at)
        lines.extend(Line(after=at - now, move=move) for move in outcome.moves)
        state = outcome.state
        at = state.due_at or at
    return tuple(lines[:MAX_LINES])


def _reached_the_end(lines: list[Line], round_number: int, policy: PolicySpec) -> bool:
    ends = {Reason.CATCH_ALL, Reason.ADMINISTRATORS}
    if lines and lines[-1].move.reason in ends:
        return True
    # A policy that repeats for ever is shown once more than it says, so that this is visible.
    return round_number > policy.rounds + 1
