"""An action and its issue follow each other, whatever gets lost on the way."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field

from evenfall.postmortems.logic import mirroring
from evenfall.postmortems.logic.action_life import SETTLED, WORK, ActionState, ActionStep
from evenfall.postmortems.logic.mirroring import Clash, Verdict, compare

S = ActionState
STATES = st.sampled_from(ActionState)


@pytest.mark.parametrize(
    ("state", "is_open", "is_dropped", "agreed", "verdict"),
    [
        (S.ACCEPTED, True, False, None, Verdict()),
        (S.ACCEPTED, True, False, False, Verdict()),
        (S.VERIFIED, False, False, True, Verdict()),
        (S.PROPOSED, False, False, None, Verdict(clash=Clash.LINKED)),
        (S.DONE, True, False, True, Verdict(push=False)),
        (S.IN_PROGRESS, False, False, False, Verdict(push=True)),
        (S.IN_PROGRESS, False, True, False, Verdict(push=True)),
        (S.PROPOSED, False, False, True, Verdict(step=ActionStep.FINISH)),
        (S.PROPOSED, False, True, True, Verdict(clash=Clash.DROPPED)),
        (S.DONE, True, False, False, Verdict(step=ActionStep.REOPEN)),
        (S.VERIFIED, True, False, False, Verdict(clash=Clash.REOPENED)),
        (S.REJECTED, True, False, False, Verdict(clash=Clash.REOPENED)),
    ],
)
def test_the_side_that_did_not_change_follows(
    state: ActionState, is_open: bool, is_dropped: bool, agreed: bool | None, verdict: Verdict
) -> None:
    assert compare(state, is_open=is_open, is_dropped=is_dropped, agreed=agreed) == verdict


@given(STATES, st.booleans(), st.booleans(), st.none() | st.booleans())
def test_at_most_one_thing_follows_and_nobody_who_decided_is_overruled(
    state: ActionState, is_open: bool, is_dropped: bool, agreed: bool | None
) -> None:
    verdict = compare(state, is_open=is_open, is_dropped=is_dropped, agreed=agreed)
    followed = [verdict.push is not None, verdict.step is not None, verdict.clash is not None]
    assert sum(followed) == (0 if verdict.is_agreed else 1)
    assert verdict.is_agreed == ((state in WORK) == is_open)
    if state in SETTLED:
        assert verdict.step is None


class Both(Struct):
    """An action and an issue, with what the link remembers; `writes` counts calls that change."""

    state: ActionState = S.ACCEPTED
    is_open: bool = True
    is_dropped: bool = False
    agreed: bool | None = True
    writes: int = 0
    verdicts: list[Verdict] = field(default_factory=list)

    def look(self, *, answer_is_lost: bool = False) -> Verdict:
        """One pass, as the drain makes it."""
        found = compare(
            self.state, is_open=self.is_open, is_dropped=self.is_dropped, agreed=self.agreed
        )
        if found.push is not None:
            self.is_open, self.is_dropped = found.push, False
            self.writes += 1
            if answer_is_lost:
                return found  # it was done, but nobody wrote that down
            self.agreed = self.is_open
        if found.step is not None:
            self.state = S.DONE if found.step is ActionStep.FINISH else S.IN_PROGRESS
        if found.is_agreed or found.step is not None:
            self.agreed = self.is_open
        return found


MOVES = st.sampled_from(["close", "drop", "open", "look", "lost", *ActionState])


@given(st.lists(MOVES, max_size=30))
def test_a_loop_is_impossible_and_both_come_to_rest_whatever_is_lost(moves: list[str]) -> None:
    both = Both()
    changes = 0
    for move in moves:
        if move in {"close", "drop", "open"}:
            changes += both.is_open != (move == "open")
            both.is_open, both.is_dropped = move == "open", move == "drop"
        elif move in {"look", "lost"}:
            both.look(answer_is_lost=move == "lost")
        else:
            changes += (both.state in WORK) != (ActionState(move) in WORK)
            both.state = ActionState(move)
    for _ in range(2):
        both.look()
    writes = both.writes
    rest = both.look()
    assert both.writes == writes
    assert rest.push is None
    assert rest.step is None
    assert rest.is_agreed or rest.clash is not None
    # each write goes back to a change by a person on some side, never to another write
    assert both.writes <= changes


@given(STATES, st.sampled_from(Clash), st.booleans())
def test_a_person_can_let_either_side_win(state: ActionState, clash: Clash, is_open: bool) -> None:
    step = mirroring.step_of(clash, is_open=is_open)
    assert (step is None) == (clash is Clash.GONE)
    kept = compare(state, is_open=is_open, is_dropped=False, agreed=is_open)
    assert kept.clash is None
    assert kept.step is None


def test_waits_grow_and_end_and_nothing_is_given_up() -> None:
    waits = [mirroring.wait(number) for number in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=10)
    assert waits[-1] == timedelta(hours=1)
    assert mirroring.look_again(S.ACCEPTED) < mirroring.look_again(S.VERIFIED)
