"""Looks become states: counts hold flapping back, unknown is never good."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.monitors.logic.looks import Result, State
from evenfall.monitors.logic.standing import Rule, Standing, after

NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)
GOOD, BAD, UNKNOWN = Result.GOOD, Result.BAD, Result.UNKNOWN
MINUTE = timedelta(minutes=1)


def stand(*results: Result, rule: Rule, start: Standing | None = None) -> Standing:
    """The standing after these looks, one a minute."""
    standing = start or Standing()
    for number, result in enumerate(results):
        standing = after(standing, result, rule, now=NOW + number * MINUTE)
    return standing


def test_one_bad_look_alone_opens_nothing_unless_somebody_wants_it_so() -> None:
    assert stand(GOOD, BAD, rule=Rule(bad_needed=2)).state is State.GOOD
    assert stand(GOOD, BAD, BAD, rule=Rule(bad_needed=2)).state is State.BAD
    assert stand(BAD, rule=Rule(bad_needed=1)).state is State.BAD


def test_an_outage_begins_with_the_first_bad_look_of_its_run() -> None:
    found = stand(GOOD, BAD, BAD, BAD, rule=Rule(bad_needed=3))
    assert (found.state, found.since) == (State.BAD, NOW + MINUTE)


def test_what_flaps_never_opens() -> None:
    results = [GOOD, BAD] * 20
    assert stand(*results, rule=Rule(bad_needed=2)).state is State.GOOD


def test_it_closes_after_as_many_good_looks_as_wanted() -> None:
    rule = Rule(bad_needed=1, good_needed=3)
    assert stand(BAD, GOOD, GOOD, BAD, GOOD, GOOD, rule=rule).state is State.BAD
    found = stand(BAD, GOOD, GOOD, GOOD, rule=rule)
    assert (found.state, found.since) == (State.GOOD, NOW + 3 * MINUTE)


def test_unknown_looks_neither_close_an_outage_nor_open_one() -> None:
    rule = Rule(bad_needed=2)
    assert stand(BAD, BAD, *[UNKNOWN] * 50, rule=rule).state is State.BAD
    assert stand(GOOD, BAD, UNKNOWN, BAD, rule=rule).state is State.GOOD


def test_somebody_hears_when_nobody_knows_for_too_long() -> None:
    rule = Rule(bad_needed=1, unknown_for=10 * MINUTE)
    waiting = stand(GOOD, *[UNKNOWN] * 10, rule=rule)
    assert (waiting.state, waiting.is_missed) == (State.UNKNOWN, False)
    missed = stand(GOOD, *[UNKNOWN] * 11, rule=rule)
    assert missed.is_missed
    assert not after(missed, GOOD, rule, now=NOW).is_missed
    assert not after(missed, BAD, rule, now=NOW).is_missed
    never = replace(rule, unknown_for=None)
    assert not stand(GOOD, *[UNKNOWN] * 500, rule=never).is_missed


def test_a_paused_monitor_stays_so() -> None:
    paused = Standing(state=State.PAUSED)
    assert after(paused, BAD, Rule(bad_needed=1), now=NOW) == paused


@given(
    st.lists(st.sampled_from(Result), min_size=1, max_size=40),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_unknown_is_never_good_and_states_follow_their_runs(
    results: list[Result], bad_needed: int, good_needed: int
) -> None:
    rule = Rule(bad_needed=bad_needed, good_needed=good_needed)
    before = Standing()
    for number, result in enumerate(results):
        found = after(before, result, rule, now=NOW + number * MINUTE)
        if found.state is not before.state:
            assert {GOOD: State.GOOD, BAD: State.BAD, UNKNOWN: State.UNKNOWN}[result] is found.state
            assert found.run >= (good_needed if before.state is State.BAD else 1)
        if found.state is State.BAD and before.state is not State.BAD:
            assert results[number + 1 - bad_needed : number + 1] == [BAD] * bad_needed
        before = found
