"""Carrying decisions out: nobody found is never silence."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from evenfall.paging.logic import machine
from evenfall.paging.logic.machine import PageState, first_state, respond
from evenfall.paging.logic.people import Directory, DutyNow, Found, TeamNow
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.walk import Outcome, carry_out, take_due
from evenfall.paging.logic.words import Reason, Response, Status, TargetKind, Urgency

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
ADA, BEN, DAN, EVE = 1, 2, 4, 5
TEAM, ROTA = 10, 20
EVERYBODY = frozenset({ADA, BEN, DAN, EVE})
DIRECTORY = Directory(
    rotas={ROTA: DutyNow(name="Weekly", primary=ADA, lieutenant=BEN)},
    teams={TEAM: TeamNow(name="Payments", rota_ids=(ROTA,), lead_ids=(DAN,))},
    administrator_ids=(EVE,),
    active=EVERYBODY,
    reachable=EVERYBODY,
)
GAP = replace(DIRECTORY, rotas={ROTA: DutyNow(name="Weekly", lieutenant=BEN)})
FRESH = first_state(urgency=Urgency.HIGH, severity="critical", now=NOW)


def walk(
    directory: Directory, policy: PolicySpec = DEFAULT_POLICY, state: PageState = FRESH
) -> Outcome:
    return take_due(state, policy=policy, team_id=TEAM, directory=directory, now=NOW)


def ids(outcome: Outcome) -> list[int]:
    return [person.user_id for person in outcome.people]


def test_first_step_pages_the_person_on_call() -> None:
    outcome = walk(DIRECTORY)
    assert ids(outcome) == [ADA]
    assert outcome.people[0].why == "on call in Weekly"
    assert outcome.state.due_at == NOW + timedelta(minutes=5)


def test_rota_gap_goes_on_to_the_lieutenant_at_once() -> None:
    outcome = walk(GAP)
    assert ids(outcome) == [BEN]
    assert [move.reason for move in outcome.moves] == [Reason.STEP_TAKEN, Reason.STEP_TAKEN]
    assert outcome.state.step == 2


def test_person_without_a_method_is_passed_over_and_kept_for_the_inbox() -> None:
    outcome = walk(replace(DIRECTORY, reachable=EVERYBODY - {ADA}))
    assert ids(outcome) == [BEN]
    assert [person.user_id for person in outcome.unreached] == [ADA]


def test_newcomer_who_is_everything_is_told_once_and_why_first() -> None:
    """On call, lead and administrator in one person, who has only the inbox."""
    alone = Directory(
        rotas={ROTA: DutyNow(name="Weekly", primary=ADA)},
        teams={TEAM: TeamNow(name="Payments", rota_ids=(ROTA,), lead_ids=(ADA,))},
        administrator_ids=(ADA,),
        active=frozenset({ADA}),
    )
    outcome = walk(alone)
    assert outcome.unreached == (Found(user_id=ADA, why="on call in Weekly"),)
    assert outcome.found_nobody
    assert outcome.moves[-1].reason is Reason.CATCH_ALL
    assert outcome.state.due_at == NOW + machine.CATCH_ALL_EVERY


def test_nobody_in_any_step_pages_the_administrators_and_looks_again() -> None:
    outcome = walk(Directory(administrator_ids=(EVE,), active=EVERYBODY, reachable=EVERYBODY))
    assert ids(outcome) == [EVE]
    assert outcome.moves[-1].reason is Reason.CATCH_ALL
    assert outcome.state.due_at == NOW + machine.CATCH_ALL_EVERY
    assert (outcome.state.round, outcome.state.step) == (2, 0)


def test_nobody_at_all_still_has_a_due_time() -> None:
    outcome = walk(Directory())
    assert outcome.found_nobody
    assert outcome.state.due_at == NOW + machine.CATCH_ALL_EVERY


def test_unreachable_catch_all_person_is_replaced_by_the_administrators() -> None:
    policy = replace(DEFAULT_POLICY, catch_all_user_id=77)
    outcome = walk(Directory(administrator_ids=(EVE,), active={EVE}, reachable={EVE}), policy)  # type: ignore[arg-type]  # a set serves as well
    assert ids(outcome) == [EVE]
    assert outcome.moves[-1].reason is Reason.ADMINISTRATORS


def test_skipped_steps_lead_to_the_next_one_at_once() -> None:
    minor = StepSpec(targets=(TargetSpec(kind=TargetKind.ROTA),), severities=frozenset({"info"}))
    major = StepSpec(targets=(TargetSpec(kind=TargetKind.LIEUTENANT),))
    outcome = walk(DIRECTORY, PolicySpec(steps=(minor, major)))
    assert ids(outcome) == [BEN]
    assert outcome.moves[0].reason is Reason.SKIPPED_SEVERITY


def test_policy_whose_every_step_is_skipped_pages_the_catch_all() -> None:
    minor = StepSpec(targets=(TargetSpec(kind=TargetKind.ROTA),), severities=frozenset({"info"}))
    outcome = walk(DIRECTORY, PolicySpec(steps=(minor,)))
    assert ids(outcome) == [EVE]


def test_not_due_moves_nothing() -> None:
    state = replace(FRESH, due_at=NOW + timedelta(minutes=1))
    outcome = walk(DIRECTORY, state=state)
    assert (outcome.state, outcome.people) == (state, ())


def test_help_pages_the_lieutenant_and_never_the_asker() -> None:
    decision = respond(FRESH, DEFAULT_POLICY, Response.NEED_HELP, by=ADA, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert ids(outcome) == [BEN]
    assert outcome.cancels
    assert outcome.state.status is Status.HELP


def test_help_asked_by_the_lieutenant_goes_on_with_the_policy() -> None:
    decision = respond(FRESH, DEFAULT_POLICY, Response.NEED_HELP, by=BEN, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert ids(outcome) == [ADA]
    assert outcome.state.status is Status.HELP


def test_escalation_takes_the_next_step_now() -> None:
    started = walk(DIRECTORY).state
    decision = respond(started, DEFAULT_POLICY, Response.ESCALATE, by=ADA, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert ids(outcome) == [BEN]


def test_acknowledgement_moves_nobody() -> None:
    decision = respond(FRESH, DEFAULT_POLICY, Response.ACKNOWLEDGE, by=ADA, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert outcome.people == ()
    assert outcome.state.status is Status.ACKNOWLEDGED


def test_expired_acknowledgement_pages_the_holder_and_the_first_step() -> None:
    held = respond(FRESH, DEFAULT_POLICY, Response.ACKNOWLEDGE, by=BEN, now=NOW).state
    later = NOW + timedelta(minutes=30)
    outcome = take_due(held, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=later)
    assert ids(outcome) == [BEN, ADA]
    assert outcome.state.due_at == later + timedelta(minutes=5)


def test_person_called_by_name_comes_before_the_policy() -> None:
    decision = machine.call_person(FRESH, DAN, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert ids(outcome) == [DAN]
    assert (outcome.state.step, outcome.state.due_at) == (0, NOW + machine.CALL_DELAY)


def test_unreachable_person_called_by_name_hands_over_to_the_policy() -> None:
    decision = machine.call_person(FRESH, 77, now=NOW)
    outcome = carry_out(decision, policy=DEFAULT_POLICY, team_id=TEAM, directory=DIRECTORY, now=NOW)
    assert ids(outcome) == [ADA]
