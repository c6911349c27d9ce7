"""What a rollout does next, in each state."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.rollouts.logic.deciding import Action, Move, Standing, Why, decide, wanted
from evenfall.rollouts.logic.plan import Traffic, all_at_once, read_plan, traffic_at
from evenfall.rollouts.logic.states import AHEAD, ENDED, Deployed, State, Wish
from evenfall.rollouts.logic.verdicts import Outcome, Verdict

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
PLAN = read_plan(
    {
        "steps": [
            {"setWeight": 10},
            {"pause": {"duration": 60}},
            {"setWeight": 50},
            {"pause": {}},
        ],
        "watch": "1h",
        "patience": 600,
        "deadline": 600,
    }
)
GOOD = Verdict(outcome=Outcome.PASS, reason="All is well.")
BAD = Verdict(outcome=Outcome.FAIL, reason="30 of 40 failed.")
UNSURE = Verdict(outcome=Outcome.INCONCLUSIVE, reason="Who knows.")
NOTHING = Verdict(outcome=Outcome.NO_DATA, reason="No requests.")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def at(state: State, step: int = 0, *, seconds: float = 0) -> Standing:
    return Standing(state=state, step=step, since=ago(seconds))


def move(one: Standing, verdict: Verdict = GOOD) -> tuple[Move, Why]:
    found = decide(one, PLAN, verdict, NOW)
    assert found.reason
    return found.move, found.why


PAUSED = at(State.STEPPING, 1, seconds=60)
WAITS = at(State.STEPPING, 3)
WATCHED = at(State.WATCHING, 4, seconds=3600)


def test_a_good_version_walks_from_the_deploy_to_the_proof() -> None:
    assert move(at(State.DEPLOYING)) == (Move.BEGIN, Why.STEP_DONE)
    assert move(at(State.STEPPING, 0)) == (Move.NEXT, Why.STEP_DONE)
    assert move(at(State.STEPPING, 1, seconds=59)) == (Move.STAY, Why.WAITS)
    assert move(PAUSED) == (Move.NEXT, Why.STEP_DONE)
    assert move(WAITS) == (Move.ASK, Why.WAITS)
    assert move(replace(WAITS, wish=Wish.NEXT)) == (Move.NEXT, Why.BY_HAND)
    assert move(at(State.STEPPING, 4)) == (Move.PROMOTE, Why.ALL_STEPS_DONE)
    assert move(at(State.PROMOTING, 4)) == (Move.WATCH, Why.SEEN)
    assert move(at(State.WATCHING, 4, seconds=3599)) == (Move.STAY, Why.WAITS)
    assert move(WATCHED) == (Move.PROVE, Why.WATCH_OVER)


@pytest.mark.parametrize("state", sorted(AHEAD))
def test_a_failure_leads_back_wherever_it_is(state: State) -> None:
    """Also after the promotion (complaint 29)."""
    assert move(at(state, 1), BAD) == (Move.RETURN, Why.FAILED)


def test_a_failure_leads_back_while_it_waits_for_somebody() -> None:
    """Complaint 31: a gate that nobody opened held the rollback up."""
    assert move(WAITS, BAD) == (Move.RETURN, Why.FAILED)
    assert move(replace(WAITS, held="Held by Ada"), BAD) == (Move.RETURN, Why.FAILED)


def test_abort_wins_over_a_promotion_that_was_asked_for() -> None:
    """Complaint 25. There is one wish, and the way back takes none any more."""
    assert move(replace(PAUSED, wish=Wish.ABORT)) == (Move.RETURN, Why.BY_HAND)
    back = replace(at(State.RETURNING), wish=Wish.PROMOTE, unseen_since=NOW)
    assert move(back) == (Move.APPLY, Why.ON_ITS_WAY)
    assert move(at(State.RETURNING)) == (Move.END_RETURN, Why.SEEN)


def test_an_irreversible_migration_freezes_and_people_decide() -> None:
    """Complaint 30."""
    one = replace(PAUSED, is_irreversible=True)
    assert move(one, BAD) == (Move.FREEZE, Why.IRREVERSIBLE)
    frozen = replace(one, state=State.FROZEN)
    assert move(frozen, BAD) == (Move.STAY, Why.IRREVERSIBLE)
    assert move(replace(frozen, wish=Wish.PROMOTE), BAD) == (Move.PROMOTE, Why.BY_HAND)
    assert move(replace(frozen, wish=Wish.ABORT), BAD) == (Move.RETURN, Why.BY_HAND)
    assert wanted(PLAN, State.FROZEN, 1) is None


def test_what_a_person_promoted_against_the_verdict_is_told_and_not_taken_back() -> None:
    trusted = replace(at(State.WATCHING, 4, seconds=10), is_trusted=True)
    assert move(trusted, BAD) == (Move.STAY, Why.WAITS)
    assert move(replace(trusted, since=ago(3600)), BAD) == (Move.PROVE, Why.WATCH_OVER)


def test_no_data_waits_then_asks_and_goes_on_when_there_is_some() -> None:
    """Complaints 16 and 27: neither a failure nor a pass, and nothing is stuck."""
    assert move(PAUSED, NOTHING) == (Move.STAY, Why.NO_DATA)
    late = at(State.STEPPING, 1, seconds=660)
    assert move(late, NOTHING) == (Move.ASK, Why.NO_DATA)
    assert move(late, GOOD) == (Move.NEXT, Why.STEP_DONE)
    assert move(WATCHED, NOTHING) == (Move.STAY, Why.NO_DATA)


def test_an_inconclusive_verdict_asks_and_a_person_leads_on() -> None:
    """Complaint 22: stuck after an inconclusive result was promoted by hand."""
    assert move(PAUSED, UNSURE) == (Move.ASK, Why.INCONCLUSIVE)
    assert move(replace(PAUSED, wish=Wish.PROMOTE), UNSURE) == (Move.PROMOTE, Why.BY_HAND)
    assert move(replace(PAUSED, wish=Wish.NEXT), UNSURE) == (Move.NEXT, Why.BY_HAND)
    assert move(replace(WATCHED, wish=Wish.PROMOTE), UNSURE) == (Move.PROVE, Why.BY_HAND)


def test_a_deploy_that_fails_or_never_ends_leads_back() -> None:
    """Complaint 26: a day with pods that crash, neither forward nor back."""
    one = at(State.DEPLOYING)
    assert move(replace(one, deployed=Deployed.FAILED)) == (Move.RETURN, Why.DEPLOY_FAILED)
    running = replace(one, deployed=Deployed.RUNNING)
    assert move(running) == (Move.STAY, Why.WAITS)
    assert move(replace(running, since=ago(601))) == (Move.RETURN, Why.TOO_LATE)
    assert move(replace(running, unseen_since=NOW)) == (Move.APPLY, Why.ON_ITS_WAY)
    assert move(replace(one, held="No deploys on Fridays")) == (Move.STAY, Why.HELD)


def test_a_switch_that_does_not_come_about_is_given_up() -> None:
    """Complaint 26."""
    one = replace(at(State.STEPPING, 2), unseen_since=ago(600))
    assert move(one) == (Move.APPLY, Why.ON_ITS_WAY)
    late = replace(one, unseen_since=ago(601))
    assert move(late) == (Move.RETURN, Why.TOO_LATE)
    assert move(replace(late, is_irreversible=True)) == (Move.FREEZE, Why.IRREVERSIBLE)


def test_a_port_that_stops_to_answer_is_no_reason_to_go_back() -> None:
    assert move(replace(WATCHED, trouble="Away.")) == (Move.ASK, Why.TROUBLE)
    assert move(replace(WATCHED, trouble="Away.", wish=Wish.ABORT)) == (Move.RETURN, Why.BY_HAND)


def test_what_is_held_goes_no_step_further() -> None:
    held = "The stop button was pressed."
    for one in (at(State.STEPPING, 0), PAUSED, at(State.PROMOTING), WATCHED):
        assert move(replace(one, held=held)) == (Move.STAY, Why.HELD)
    assert move(replace(PAUSED, held=held, wish=Wish.ABORT)) == (Move.RETURN, Why.BY_HAND)


def test_where_the_old_side_is_gone_its_version_is_put_there_first() -> None:
    """Traffic stays until somebody can answer it; then it goes back at once."""
    cold = replace(WATCHED, is_cold=True)
    assert move(cold, BAD) == (Move.RESTORE, Why.FAILED)
    assert move(replace(cold, wish=Wish.ABORT)) == (Move.RESTORE, Why.BY_HAND)
    assert move(replace(cold, unseen_since=ago(601))) == (Move.RESTORE, Why.TOO_LATE)
    one = at(State.RESTORING, 4)
    assert wanted(PLAN, State.RESTORING, 4) is None
    running = replace(one, deployed=Deployed.RUNNING)
    assert move(running) == (Move.STAY, Why.COLD)
    assert move(replace(running, since=ago(601))) == (Move.ASK, Why.TOO_LATE)
    assert move(replace(one, deployed=Deployed.FAILED)) == (Move.ASK, Why.DEPLOY_FAILED)
    assert move(one) == (Move.RETURN, Why.COLD)


def test_a_way_back_needs_no_watch() -> None:
    plan = all_at_once(PLAN)
    found = decide(replace(at(State.WATCHING), is_trusted=True), plan, NOTHING, NOW)
    assert (found.move, found.reason) == (Move.PROVE, "It was proven before.")
    assert decide(at(State.WATCHING), plan, NOTHING, NOW).move is Move.STAY


def test_what_ended_or_waits_for_its_turn_stays() -> None:
    for state in sorted(ENDED):
        assert move(replace(at(state), wish=Wish.ABORT), BAD) == (Move.STAY, Why.ENDED)
    assert move(at(State.QUEUED)) == (Move.STAY, Why.WAITS)


_VERDICTS = st.sampled_from([GOOD, BAD, UNSURE, NOTHING])
_STANDINGS = st.builds(
    Standing,
    state=st.sampled_from(State),
    step=st.integers(0, 4),
    since=st.integers(0, 10_000).map(ago),
    unseen_since=st.none() | st.integers(0, 10_000).map(ago),
    trouble=st.sampled_from(["", "Away."]),
    wish=st.sampled_from(Wish),
    held=st.sampled_from(["", "Held."]),
    deployed=st.sampled_from(Deployed),
    is_irreversible=st.booleans(),
    is_trusted=st.booleans(),
    is_cold=st.booleans(),
)
_AFTER = {
    Move.BEGIN: State.STEPPING,
    Move.NEXT: State.STEPPING,
    Move.PROMOTE: State.PROMOTING,
    Move.WATCH: State.WATCHING,
    Move.PROVE: State.PROVEN,
    Move.RESTORE: State.RESTORING,
    Move.RETURN: State.RETURNING,
    Move.END_RETURN: State.ROLLED_BACK,
    Move.FREEZE: State.FROZEN,
}


def after(one: Standing, action: Action) -> tuple[State, int]:
    step = one.step + 1 if action.move is Move.NEXT else one.step
    return _AFTER.get(action.move, one.state), 0 if action.move is Move.BEGIN else step


@given(_STANDINGS, _VERDICTS)
def test_nothing_leads_forward_before_the_last_was_seen(one: Standing, verdict: Verdict) -> None:
    """Never half and half: what is wanted is set again, given up, or seen; nothing else follows."""
    found = decide(one, PLAN, verdict, NOW)
    forward = {Move.BEGIN, Move.NEXT, Move.WATCH, Move.PROVE, Move.END_RETURN}
    if one.unseen_since is not None and one.state is not State.FROZEN:
        assert found.move not in forward


@given(_STANDINGS, _VERDICTS)
def test_an_abort_always_leads_back(one: Standing, verdict: Verdict) -> None:
    found = decide(replace(one, wish=Wish.ABORT), PLAN, verdict, NOW)
    leads_back = {Move.RESTORE, Move.RETURN, Move.APPLY, Move.END_RETURN}
    is_on_its_way = one.state in ENDED or one.state is State.RESTORING
    assert is_on_its_way or found.move in leads_back


@given(_STANDINGS)
def test_no_data_never_proves_and_never_ends_a_timed_wait(one: Standing) -> None:
    """Complaint 18."""
    found = decide(replace(one, wish=Wish.NONE, is_trusted=False), PLAN, NOTHING, NOW)
    assert found.move is not Move.PROVE
    if one.state is State.STEPPING and one.step in {1, 3}:
        assert found.move is not Move.NEXT


@given(st.lists(st.tuples(_VERDICTS, st.sampled_from(Wish), st.booleans(), st.integers(0, 4000))))
def test_traffic_is_that_of_a_step_or_all_or_none(
    days: list[tuple[Verdict, Wish, bool, int]],
) -> None:
    """Whatever comes: what is wanted is the weight of some step, everything, or nothing."""
    known = {traffic_at(PLAN, step) for step in range(-1, 5)} | {Traffic(100)}
    one, traffic = at(State.DEPLOYING), Traffic(0)
    for verdict, wish, is_seen, passed in days:
        now = replace(
            one, wish=wish, since=ago(passed), unseen_since=None if is_seen else ago(passed)
        )
        state, step = after(now, decide(now, PLAN, verdict, NOW))
        traffic = wanted(PLAN, state, step) or traffic
        assert traffic in known
        if state in {State.RETURNING, State.ROLLED_BACK, State.DEPLOYING}:
            assert traffic == Traffic(0)
        one = replace(one, state=state, step=step)
