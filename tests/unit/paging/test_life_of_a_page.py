"""Properties of whole lives of pages: any responses, any gaps, any order."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from msgspec.structs import replace

from evenfall.paging.logic import machine, walk
from evenfall.paging.logic.people import Directory, DutyNow, TeamNow
from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.window import OpenHours, WeeklyWindow
from evenfall.paging.logic.words import AtEnd, Reason, Response, Status, TargetKind, Urgency

START = datetime(2026, 10, 24, 22, tzinfo=UTC)  # the night in which summer time ends in Europe
PEOPLE = range(1, 7)
TEAM, ROTA = 10, 20

people_or_nobody = st.one_of(st.none(), st.sampled_from(PEOPLE))
targets = st.builds(
    TargetSpec,
    kind=st.sampled_from(TargetKind),
    id=st.none(),
).map(lambda t: replace(t, id=1) if t.kind is TargetKind.USER else t)
windows: st.SearchStrategy[WeeklyWindow | None] = st.sampled_from(
    [None, OpenHours().window("Europe/Berlin")]
)
steps = st.builds(
    StepSpec,
    targets=st.lists(targets, min_size=1, max_size=3).map(tuple),
    delay_minutes=st.integers(1, 60),
    severities=st.sampled_from([frozenset(), frozenset({"critical"}), frozenset({"info"})]),
    window=windows,
)
policies = st.builds(
    PolicySpec,
    steps=st.lists(steps, min_size=1, max_size=4).map(tuple),
    rounds=st.integers(1, 3),
    at_end=st.sampled_from(AtEnd),
    catch_all_user_id=people_or_nobody,
)
directories = st.builds(
    lambda primary, lieutenant, lead, reachable: Directory(
        rotas={ROTA: DutyNow(name="Weekly", primary=primary, lieutenant=lieutenant)},
        teams={
            TEAM: TeamNow(
                name="Payments", rota_ids=(ROTA,), member_ids=(1, 2), lead_ids=(lead,) * bool(lead)
            )
        },
        administrator_ids=(6,),
        active=frozenset(PEOPLE),
        reachable=reachable,
    ),
    people_or_nobody,
    people_or_nobody,
    people_or_nobody,
    st.frozensets(st.sampled_from(PEOPLE)),
)


class LifeOfAPage(RuleBasedStateMachine):
    """Time passes, people answer in any order, rotas have gaps, contact methods break."""

    @initialize(
        policy=policies,
        directory=directories,
        urgency=st.sampled_from(Urgency),
        severity=st.sampled_from([None, "critical", "warning"]),
    )
    def start(
        self, policy: PolicySpec, directory: Directory, urgency: Urgency, severity: str | None
    ) -> None:
        self.policy, self.directory, self.now = policy, directory, START
        self.state = machine.first_state(urgency=urgency, severity=severity, now=START)
        self._take_due()

    def _take_due(self) -> None:
        outcome = walk.take_due(
            self.state,
            policy=self.policy,
            team_id=TEAM,
            directory=self.directory,
            now=self.now,
        )
        self.state = outcome.state

    @rule(minutes=st.integers(0, 90), directory=directories)
    def time_passes(self, minutes: int, directory: Directory) -> None:
        self.now += timedelta(minutes=minutes)
        self.directory = directory
        before = self.state.due_at
        self._take_due()
        if before is not None and self.state.due_at is not None:
            assert self.state.due_at >= before

    @precondition(lambda self: self.state.due_at is not None)
    @rule(late=st.integers(0, 3))
    def due_time_comes(self, late: int) -> None:
        assert self.state.due_at is not None
        self.now = max(self.now, self.state.due_at) + timedelta(minutes=late)
        before = self.state.due_at
        self._take_due()
        assert self.state.due_at is not None
        assert self.state.due_at > before

    @rule(response=st.sampled_from(Response), by=people_or_nobody)
    def somebody_answers(self, response: Response, by: int | None) -> None:
        closed_before = self.state.status.is_closed
        decision = machine.respond(self.state, self.policy, response, by=by, now=self.now)
        outcome = walk.carry_out(
            decision,
            policy=self.policy,
            team_id=TEAM,
            directory=self.directory,
            now=self.now,
        )
        assert outcome.cancels is (
            not closed_before and decision.reason is not Reason.ALREADY_MOBILISED
        )
        self.state = outcome.state

    @rule()
    def somebody_writes_a_note(self) -> None:
        self.state = machine.keep_alive(self.state, self.policy, now=self.now).state

    @rule()
    def woken_twice(self) -> None:
        self._take_due()
        after_first = self.state
        self._take_due()
        assert self.state == after_first

    @invariant()
    def open_page_is_due_in_the_future_or_says_why_not(self) -> None:
        state = self.state
        if state.status.is_closed:
            assert state.due_at is None
            assert state.stop_reason
            assert state.ended_at is not None
        elif state.status is Status.MOBILISED:
            assert state.due_at is None
            assert state.mobilised_at is not None
        else:
            assert state.due_at is not None
            assert state.due_at >= self.now

    @invariant()
    def first_answers_are_kept(self) -> None:
        answered = {Status.ACKNOWLEDGED, Status.HELP, Status.MOBILISED}
        if self.state.status in answered:
            assert self.state.acknowledged_at is not None


TestLifeOfAPage = LifeOfAPage.TestCase
TestLifeOfAPage.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(policy=policies, directory=directories, severity=st.sampled_from([None, "critical"]))
def test_every_round_visits_every_step_in_order(
    policy: PolicySpec, directory: Directory, severity: str | None
) -> None:
    state = machine.first_state(urgency=Urgency.HIGH, severity=severity, now=START)
    visited: list[tuple[int, int]] = []
    while state.round <= policy.rounds:
        assert state.due_at is not None
        outcome = walk.take_due(
            state, policy=policy, team_id=TEAM, directory=directory, now=state.due_at
        )
        visited += [(m.round, m.step) for m in outcome.moves if m.step is not None]
        state = outcome.state
    wanted = [(n, step) for n in range(1, policy.rounds + 1) for step in range(len(policy.steps))]
    assert visited[: len(wanted)] == wanted


@given(policy=policies, directory=directories)
def test_people_who_cannot_be_reached_are_never_the_only_answer(
    policy: PolicySpec, directory: Directory
) -> None:
    state = machine.first_state(urgency=Urgency.HIGH, severity=None, now=START)
    outcome = walk.take_due(state, policy=policy, team_id=TEAM, directory=directory, now=START)
    if 6 in directory.reachable:
        assert outcome.people
    assert {person.user_id for person in outcome.people} <= directory.reachable
