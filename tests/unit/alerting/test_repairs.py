"""Whatever happens to a repair, it ends: the alert is over, or people are called."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.alerting.logic.repairs import (
    LIVE,
    Limits,
    Ran,
    RepairState,
    after_run,
    may_begin,
    overdue,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=6))


def limits(*, is_on: bool = True, most: int = 3, under_way: int = 0) -> Limits:
    return Limits(is_on=is_on, most_at_once=most, under_way=under_way)


@given(st.sampled_from(Ran), st.text(), st.booleans(), SPANS)
def test_a_run_that_did_not_go_well_never_waits(
    ran: Ran, said: str, alert_is_over: bool, within: timedelta
) -> None:
    step = after_run(ran, said, alert_is_over=alert_is_over, clear_within=within, now=NOW)
    assert (step.state is RepairState.GAVE_UP) is (ran is not Ran.OK)
    assert (step.due_at is not None) is (step.state in LIVE)
    assert step.why


@given(st.sampled_from([RepairState.RUNNING, RepairState.WATCHING]), st.booleans(), SPANS)
def test_what_is_overdue_ends(state: RepairState, alert_is_over: bool, within: timedelta) -> None:
    step = overdue(state, alert_is_over=alert_is_over, clear_within=within)
    assert step.state not in LIVE
    assert step.due_at is None
    if not alert_is_over:
        assert step.state is RepairState.GAVE_UP


@given(st.booleans(), st.integers(1, 50), st.integers(0, 60))
def test_a_repair_begins_only_within_the_limits(is_on: bool, most: int, under_way: int) -> None:
    end = may_begin(limits(is_on=is_on, most=most, under_way=under_way), alert_is_over=False)
    assert (end is None) is (is_on and under_way < most)


def test_an_alert_that_is_over_needs_no_repair_and_nobody() -> None:
    end = may_begin(limits(is_on=False), alert_is_over=True)
    assert end is not None
    assert end.state is RepairState.NOT_NEEDED


def test_a_good_run_of_an_alert_that_is_over_has_mended_it() -> None:
    step = after_run(Ran.OK, "", alert_is_over=True, clear_within=timedelta(), now=NOW)
    assert step.state is RepairState.HEALED


def test_a_good_run_watches_the_alert_for_the_stated_time() -> None:
    within = timedelta(minutes=5)
    step = after_run(Ran.OK, "", alert_is_over=False, clear_within=within, now=NOW)
    assert (step.state, step.due_at) == (RepairState.WATCHING, NOW + within)


@pytest.mark.parametrize(
    ("ran", "said", "why"),
    [
        (Ran.FAILED, "", "the runbook failed"),
        (Ran.FAILED, " no route. ", "the runbook failed: no route"),
        (Ran.UNKNOWN, "lost", "nobody knows how the runbook ended: lost"),
    ],
)
def test_people_are_told_what_it_said(ran: Ran, said: str, why: str) -> None:
    step = after_run(ran, said, alert_is_over=False, clear_within=timedelta(), now=NOW)
    assert step.why == why


@pytest.mark.parametrize(("under_way", "words"), [(1, "one repair is"), (2, "2 repairs are")])
def test_the_limit_is_told_with_its_count(under_way: int, words: str) -> None:
    end = may_begin(limits(most=1, under_way=under_way), alert_is_over=False)
    assert end is not None
    assert end.why == f"{words} under way already, and at most 1 may be"
