"""Carrying a decision out: look for its people, and go on at once when there is nobody.

A rota gap, an empty team, a person without a working contact method and a step whose condition
does not hold must never become silence. So one due time may take several steps; after every step
of the policy came up empty the catch-all is paged, and the search goes on a little later.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from evenfall.paging.logic import machine, people
from evenfall.paging.logic.machine import Decision, PageState
from evenfall.paging.logic.people import Directory, Found, Miss
from evenfall.paging.logic.policy import PolicySpec, TargetSpec
from evenfall.paging.logic.words import Reason, TargetKind

ADMINISTRATORS = (TargetSpec(kind=TargetKind.ADMINISTRATORS),)


class Move(Struct, frozen=True, kw_only=True):
    """One decision with the people it led to. `step` is an index, None when it is no step."""

    reason: Reason
    round: int = 0
    step: int | None = None
    found: tuple[Found, ...] = ()
    missing: tuple[Miss, ...] = ()


class Outcome(Struct, frozen=True, kw_only=True):
    """Where the page stands after all moves, and whether planned notices are to be cancelled."""

    state: PageState
    moves: tuple[Move, ...]
    cancels: bool = False

    @property
    def people(self) -> tuple[Found, ...]:
        """Everybody to notify, each once, with the first reason found."""
        first: dict[int, Found] = {}
        for move in self.moves:
            for found in move.found:
                first.setdefault(found.user_id, found)
        return tuple(first.values())

    @property
    def unreached(self) -> tuple[Found, ...]:
        """People who were looked for and have no working contact method: their inbox must do.

        Each once, with the first reason found: whoever is on call reads that, even if the search
        met them again as the catch-all.
        """
        notified = {found.user_id for found in self.people}
        first: dict[int, Found] = {}
        for miss in (miss for move in self.moves for miss in move.missing):
            if miss.reason is people.Missing.NO_METHOD and miss.user_id is not None:
                first.setdefault(miss.user_id, Found(user_id=miss.user_id, why=miss.why))
        return tuple(found for user_id, found in first.items() if user_id not in notified)

    @property
    def found_nobody(self) -> bool:
        return not any(move.found for move in self.moves)


def carry_out(
    decision: Decision,
    *,
    policy: PolicySpec,
    team_id: int | None,
    directory: Directory,
    now: datetime,
) -> Outcome:
    """Follow `decision` until somebody is found or the catch-all was paged.

    `directory` must be the snapshot of `now`. A page that still seeks has a due time after `now`
    in the answer.
    """
    moves = [_move(decision, team_id, directory)]
    state = decision.state
    steps_taken = 0 if decision.step is None else 1
    while _must_go_on(moves[-1], state, now):
        if steps_taken == len(policy.steps):
            following = machine.last_resort(state, policy, now=now)
        else:
            following = machine.advance(replace(state, due_at=now), policy, now=now)
        steps_taken += 1
        state = following.state
        moves.append(_move(following, team_id, directory))
    if moves[-1].reason is Reason.CATCH_ALL and not moves[-1].found:
        moves.extend(_administrators(policy, moves[-1], directory))
    return Outcome(state=state, moves=tuple(moves), cancels=decision.cancels)


def take_due(
    state: PageState,
    *,
    policy: PolicySpec,
    team_id: int | None,
    directory: Directory,
    now: datetime,
) -> Outcome:
    """Advance a page that is due and carry the decision out."""
    decision = machine.advance(state, policy, now=now)
    return carry_out(decision, policy=policy, team_id=team_id, directory=directory, now=now)


def _must_go_on(last: Move, state: PageState, now: datetime) -> bool:
    if not state.status.is_seeking or last.reason in {Reason.CATCH_ALL, Reason.NOT_DUE}:
        return False
    is_due = state.due_at is not None and state.due_at <= now
    return is_due or (not last.found and last.reason in SEARCHES)


SEARCHES = frozenset(
    {Reason.STEP_TAKEN, Reason.HELP_WANTED, Reason.CALLED_BY_NAME, Reason.TOOK_OVER}
)


def _move(decision: Decision, team_id: int | None, directory: Directory) -> Move:
    asker = decision.state.asker_id
    search = people.find(
        decision.targets,
        team_id=team_id,
        directory=directory,
        without=frozenset() if asker is None else frozenset({asker}),
    )
    return Move(
        reason=decision.reason,
        round=decision.round,
        step=decision.step,
        found=search.found,
        missing=search.missing,
    )


def _administrators(policy: PolicySpec, last: Move, directory: Directory) -> tuple[Move, ...]:
    """The configured catch-all cannot be reached: those who run the site must know."""
    if policy.last_targets == ADMINISTRATORS:
        return ()
    search = people.find(ADMINISTRATORS, team_id=None, directory=directory)
    return (
        Move(
            reason=Reason.ADMINISTRATORS,
            round=last.round,
            found=search.found,
            missing=search.missing,
        ),
    )
