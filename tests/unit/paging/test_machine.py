"""The transition table, cell by cell."""

from datetime import UTC, datetime, time, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from evenfall.paging.logic import machine
from evenfall.paging.logic.machine import (
    PageState,
    advance,
    first_state,
    keep_alive,
    pass_on,
    respond,
    stop,
)
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.window import WeeklyWindow
from evenfall.paging.logic.words import (
    AtEnd,
    Reason,
    Response,
    Status,
    TargetKind,
    Trigger,
    Urgency,
)

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
ADA, BEN = 1, 2
ON_CALL = TargetSpec(kind=TargetKind.ROTA)


def fresh(**changes: object) -> PageState:
    state = first_state(urgency=Urgency.HIGH, severity="critical", now=NOW)
    return replace(state, **changes)


def acknowledged() -> PageState:
    return respond(fresh(), DEFAULT_POLICY, Response.ACKNOWLEDGE, by=ADA, now=NOW).state


def test_table_answers_every_trigger_in_every_status() -> None:
    cells = {(status, trigger) for status, row in machine.TABLE.items() for trigger in row}
    assert cells == set(product(Status, (*Trigger, *Response)))


def test_advance_before_the_due_time_changes_nothing() -> None:
    state = fresh(due_at=LATER)
    decision = advance(state, DEFAULT_POLICY, now=NOW)
    assert (decision.reason, decision.state) == (Reason.NOT_DUE, state)


def test_advance_without_a_due_time_changes_nothing() -> None:
    state = fresh(status=Status.MOBILISED, due_at=None)
    assert advance(state, DEFAULT_POLICY, now=NOW).reason is Reason.NOT_DUE


def test_advance_takes_the_first_step_and_waits_its_delay() -> None:
    decision = advance(fresh(), DEFAULT_POLICY, now=NOW)
    assert decision.reason is Reason.STEP_TAKEN
    assert decision.targets == DEFAULT_POLICY.steps[0].targets
    assert decision.due_at == NOW + timedelta(minutes=5)
    assert (decision.round, decision.step) == (1, 0)


def test_advance_late_gives_the_next_person_the_whole_delay() -> None:
    decision = advance(fresh(), DEFAULT_POLICY, now=LATER)
    assert decision.due_at == LATER + timedelta(minutes=5)


def test_advance_after_the_last_step_begins_the_next_round() -> None:
    decision = advance(fresh(step=2), DEFAULT_POLICY, now=NOW)
    assert (decision.state.round, decision.state.step) == (2, 0)


def test_advance_after_the_last_round_pages_the_catch_all_again_and_again() -> None:
    state = fresh(round=4)
    decision = advance(state, DEFAULT_POLICY, now=NOW)
    assert decision.reason is Reason.CATCH_ALL
    assert decision.targets == DEFAULT_POLICY.last_targets
    assert decision.due_at == NOW + machine.CATCH_ALL_EVERY
    again = advance(decision.state, DEFAULT_POLICY, now=NOW + machine.CATCH_ALL_EVERY)
    assert again.reason is Reason.CATCH_ALL


def test_advance_of_a_repeating_policy_never_ends() -> None:
    policy = replace(DEFAULT_POLICY, at_end=AtEnd.REPEAT)
    assert advance(fresh(round=99), policy, now=NOW).reason is Reason.STEP_TAKEN


def test_advance_skips_a_step_for_another_severity_at_once() -> None:
    step = StepSpec(targets=(ON_CALL,), severities=frozenset({"warning"}))
    decision = advance(fresh(), PolicySpec(steps=(step,)), now=NOW)
    assert decision.reason is Reason.SKIPPED_SEVERITY
    assert decision.due_at == NOW
    assert decision.state.round == 2


def test_advance_skips_a_step_outside_its_window_at_once() -> None:
    day = WeeklyWindow(zone="UTC", days=frozenset(range(7)), start=time(9), end=time(17))
    policy = PolicySpec(steps=(StepSpec(targets=(ON_CALL,), window=day),))
    decision = advance(fresh(), policy, now=NOW)
    assert (decision.reason, decision.due_at) == (Reason.SKIPPED_TIME, NOW)


def test_low_urgency_moves_on_slowly_enough_for_a_weekend() -> None:
    decision = advance(fresh(urgency=Urgency.LOW), DEFAULT_POLICY, now=NOW)
    assert decision.due_at == NOW + machine.LOW_URGENCY_PACE


def test_acknowledge_cancels_notices_and_starts_the_timeout() -> None:
    decision = respond(fresh(), DEFAULT_POLICY, Response.ACKNOWLEDGE, by=ADA, now=LATER)
    assert decision.cancels
    assert decision.state.status is Status.ACKNOWLEDGED
    assert decision.state.acknowledged_at == LATER
    assert decision.state.holder_id == ADA
    assert decision.due_at == LATER + timedelta(minutes=30)


def test_second_acknowledgement_keeps_the_first_time() -> None:
    decision = respond(acknowledged(), DEFAULT_POLICY, Response.ACKNOWLEDGE, by=BEN, now=LATER)
    assert decision.state.acknowledged_at == NOW
    assert decision.state.holder_id == BEN


def test_acknowledgement_without_anything_after_it_pages_again() -> None:
    state = acknowledged()
    expired = NOW + timedelta(minutes=30)
    decision = advance(state, DEFAULT_POLICY, now=expired)
    assert decision.reason is Reason.ACK_EXPIRED
    assert decision.targets == (TargetSpec(kind=TargetKind.USER, id=ADA),)
    assert decision.due_at == expired
    assert (decision.state.status, decision.state.round, decision.state.step) == (
        Status.PAGING,
        1,
        0,
    )
    assert decision.state.acknowledged_at == NOW


def test_expired_acknowledgement_of_nobody_in_particular_has_no_extra_target() -> None:
    state = respond(fresh(), DEFAULT_POLICY, Response.ACKNOWLEDGE, by=None, now=NOW).state
    assert advance(state, DEFAULT_POLICY, now=NOW + timedelta(hours=1)).targets == ()


@pytest.mark.parametrize("answer", [Response.ACKNOWLEDGE, Response.ON_IT])
def test_a_held_page_that_is_passed_on_asks_the_new_one_and_then_the_policy(
    answer: Response,
) -> None:
    held = respond(fresh(round=2, step=1), DEFAULT_POLICY, answer, by=ADA, now=NOW).state
    decision = pass_on(held, DEFAULT_POLICY, to=BEN, now=LATER)
    assert decision.reason is Reason.TOOK_OVER
    assert decision.targets == (TargetSpec(kind=TargetKind.USER, id=BEN),)
    assert (decision.state.status, decision.state.holder_id) == (Status.PAGING, None)
    assert decision.due_at == LATER + machine.CALL_DELAY
    assert (decision.state.round, decision.state.step) == (1, 0)


def test_a_page_that_still_seeks_is_not_passed_on() -> None:
    decision = pass_on(fresh(), DEFAULT_POLICY, to=BEN, now=LATER)
    assert (decision.reason, decision.state) == (Reason.NOTHING_TO_DO, fresh())


def test_sign_of_life_starts_the_timeout_again() -> None:
    decision = keep_alive(acknowledged(), DEFAULT_POLICY, now=LATER)
    assert decision.reason is Reason.KEPT_ALIVE
    assert decision.due_at == LATER + timedelta(minutes=30)


def test_sign_of_life_does_not_stop_the_search() -> None:
    state = fresh()
    decision = keep_alive(state, DEFAULT_POLICY, now=LATER)
    assert (decision.reason, decision.state) == (Reason.NOTHING_TO_DO, state)


def test_on_it_ends_the_search_and_counts_as_acknowledged() -> None:
    state = respond(fresh(), DEFAULT_POLICY, Response.ON_IT, by=ADA, now=LATER).state
    assert (state.status, state.due_at) == (Status.MOBILISED, None)
    assert (state.acknowledged_at, state.mobilised_at) == (LATER, LATER)


def test_mobilised_page_is_not_set_back_by_an_acknowledgement() -> None:
    state = respond(fresh(), DEFAULT_POLICY, Response.ON_IT, by=ADA, now=NOW).state
    decision = respond(state, DEFAULT_POLICY, Response.ACKNOWLEDGE, by=BEN, now=LATER)
    assert (decision.reason, decision.state) == (Reason.ALREADY_MOBILISED, state)


def test_escalate_asks_for_the_next_step_now() -> None:
    state = advance(fresh(), DEFAULT_POLICY, now=NOW).state
    decision = respond(state, DEFAULT_POLICY, Response.ESCALATE, by=ADA, now=LATER)
    assert (decision.reason, decision.due_at, decision.cancels) == (Reason.ESCALATED, LATER, True)
    following = advance(decision.state, DEFAULT_POLICY, now=LATER)
    assert following.targets == DEFAULT_POLICY.steps[1].targets


def test_need_help_keeps_the_asker_and_seeks_the_lieutenant() -> None:
    decision = respond(fresh(), DEFAULT_POLICY, Response.NEED_HELP, by=ADA, now=LATER)
    assert decision.state.status is Status.HELP
    assert (decision.state.holder_id, decision.state.asker_id) == (ADA, ADA)
    assert decision.state.acknowledged_at == LATER
    assert decision.targets == (TargetSpec(kind=TargetKind.LIEUTENANT),)
    assert decision.due_at == LATER + machine.HELP_DELAY


def test_need_help_can_name_a_team() -> None:
    team = (TargetSpec(kind=TargetKind.TEAM, id=5),)
    decision = respond(
        fresh(), DEFAULT_POLICY, Response.NEED_HELP, by=ADA, now=NOW, help_targets=team
    )
    assert decision.targets == team


def test_acknowledgement_after_a_call_for_help_ends_the_search() -> None:
    state = respond(fresh(), DEFAULT_POLICY, Response.NEED_HELP, by=ADA, now=NOW).state
    after = respond(state, DEFAULT_POLICY, Response.ACKNOWLEDGE, by=BEN, now=LATER).state
    assert (after.status, after.asker_id, after.holder_id) == (Status.ACKNOWLEDGED, None, BEN)


@pytest.mark.parametrize(
    ("response", "reason"),
    [(Response.RESOLVE, "resolved"), (Response.NOT_ACTIONABLE, "not_actionable")],
)
def test_closing_responses_close_with_their_reason(response: Response, reason: str) -> None:
    decision = respond(acknowledged(), DEFAULT_POLICY, response, by=BEN, now=LATER)
    assert decision.cancels
    assert decision.state.status is Status.RESOLVED
    assert (decision.state.ended_at, decision.state.stop_reason) == (LATER, reason)


def test_stop_closes_with_the_given_reason() -> None:
    decision = stop(fresh(), DEFAULT_POLICY, reason="incident resolved", now=LATER)
    assert decision.state.status is Status.STOPPED
    assert decision.state.stop_reason == "incident resolved"
    assert decision.cancels


@pytest.mark.parametrize("response", list(Response))
def test_closed_page_ignores_every_response(response: Response) -> None:
    closed = stop(fresh(), DEFAULT_POLICY, reason="merged", now=NOW).state
    decision = respond(closed, DEFAULT_POLICY, response, by=ADA, now=LATER)
    assert (decision.reason, decision.state) == (Reason.ALREADY_CLOSED, closed)
    assert not decision.cancels
