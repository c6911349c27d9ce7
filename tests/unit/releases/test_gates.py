"""Each gate answers pass, fail or unknown, with evidence and with what would change it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evenfall.releases.logic.answers import GateResult, Signed, closed, excepted, overall, used
from evenfall.releases.logic.facts import (
    BudgetFact,
    DutyFact,
    Facts,
    FreezeFact,
    IncidentFact,
    NeedFact,
    ResultFact,
    SignOffFact,
    StandardFact,
    StopFact,
    TickFact,
)
from evenfall.releases.logic.gates import GATES, TITLES, ask_all
from evenfall.releases.logic.rules import GATES as NAMES
from evenfall.releases.logic.rules import Expected, Group, Item, Rules
from evenfall.releases.logic.states import State
from evenfall.releases.logic.windows import Hours, Window
from evenfall.releases.logic.words import Kind, Verdict

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
FACTS = Facts(service="Checkout", version="1.4.2", stage="PROD", team_id=1, teams={1: "Pay"})
STOP = StopFact(scope="the whole site", reason="Fire", by="Ada", at=NOW)
DUTY = DutyFact(person="Ada", zone="Europe/Berlin", ends_at=NOW + 8 * HOUR, rota="Pay")
WINDOW = Window(name="Office", zone=BERLIN, hours=tuple(Hours(d, 540, 1020) for d in range(5)))


def ask(name: str, facts: Facts, now: datetime = NOW) -> GateResult:
    return next(gate for gate in GATES if gate.name == name).ask(facts, now)


def ruled(facts: Facts = FACTS, **rules: Any) -> Facts:
    return replace(facts, rules=replace(facts.rules, **rules))


def yes(user_id: int, team_id: int = 1) -> SignOffFact:
    return SignOffFact(
        user_id=user_id, name=f"P{user_id}", team_id=team_id, is_yes=True, comment="", at=NOW
    )


def test_the_list_of_gates_is_the_one_that_rules_know() -> None:
    assert tuple(gate.name for gate in GATES) == NAMES == tuple(TITLES)


def test_the_stop_button_closes_everything_but_the_way_back_complaint_33() -> None:
    assert ask("stop", FACTS).verdict is PASS
    stopped = replace(FACTS, stops=(STOP,))
    found = ask("stop", stopped)
    assert (found.verdict, found.evidence[0].text) == (
        FAIL,
        "Ada stopped the whole site: Fire",
    )
    assert ask("stop", replace(stopped, kind=Kind.ROLLBACK)).verdict is PASS


def freeze(starts: timedelta, ends: timedelta, *exempt: Kind) -> FreezeFact:
    return FreezeFact(
        id=1,
        scope="the whole site",
        reason="Christmas",
        starts_at=NOW + starts,
        ends_at=NOW + ends,
        exempt=frozenset(exempt),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "verdict"),
    [(-HOUR, HOUR, FAIL), (HOUR, 2 * HOUR, PASS), (-HOUR, 0 * HOUR, PASS), (0 * HOUR, HOUR, FAIL)],
)
def test_a_freeze_holds_from_its_start_until_just_before_its_end_complaint_33(
    starts: timedelta, ends: timedelta, verdict: Verdict
) -> None:
    found = ask("freeze", replace(FACTS, freezes=(freeze(starts, ends),)))
    assert found.verdict is verdict
    assert found.opens_at == (NOW + HOUR if verdict is FAIL else None)


def test_a_freeze_lets_the_kinds_through_that_it_names() -> None:
    facts = replace(FACTS, kind=Kind.FIX, freezes=(freeze(-HOUR, HOUR, Kind.FIX),))
    assert ask("freeze", facts).verdict is PASS
    assert ask("freeze", replace(facts, kind=Kind.FEATURE)).verdict is FAIL


def test_a_window_is_of_the_zone_of_the_service_complaint_34() -> None:
    facts = replace(FACTS, windows=(WINDOW,))
    assert ask("window", FACTS).verdict is PASS
    assert ask("window", facts).why == "Open until Mon 2026-03-02 17:00 Europe/Berlin."
    late = ask("window", facts, NOW + 5 * HOUR)
    assert (late.verdict, late.change, late.opens_at) == (
        FAIL,
        "It opens Tue 2026-03-03 09:00 Europe/Berlin.",
        datetime(2026, 3, 3, 8, 0, tzinfo=UTC),
    )
    assert ask("window", replace(facts, kind=Kind.ROLLBACK), NOW + 5 * HOUR).verdict is PASS


def test_a_window_that_never_opens_says_so() -> None:
    never = replace(WINDOW, hours=())
    found = ask("window", replace(FACTS, windows=(never,)))
    assert (found.verdict, found.opens_at) == (FAIL, None)


def test_just_before_a_handover_a_window_is_closed_complaint_34() -> None:
    window = replace(WINDOW, handover=HOUR)
    facts = replace(FACTS, windows=(window,), handovers=(NOW + HOUR / 2, NOW + 48 * HOUR))
    found = ask("window", facts)
    assert found.why == "Whoever is on call hands over in 30 min."
    assert found.opens_at == NOW + HOUR / 2
    assert ask("window", facts, NOW + HOUR).verdict is PASS
    outside = ask("window", facts, NOW - 9 * HOUR)
    assert outside.why == "Outside the deployment window."
    both = ask("window", replace(facts, handovers=(NOW + 6 * HOUR,)), NOW + 5.5 * HOUR)
    assert both.why == "Outside the deployment window."


@pytest.mark.parametrize(
    ("state", "proven", "verdict"),
    [
        (State.PROVEN, True, PASS),
        (State.DEPLOYED, False, PASS),
        (State.DEPLOYED, True, FAIL),
        (State.ROLLED_BACK, False, FAIL),
        (None, False, FAIL),
    ],
)
def test_the_stage_before_comes_first(state: State | None, proven: bool, verdict: Verdict) -> None:
    facts = ruled(
        replace(FACTS, previous_stage="UAT", previous_state=state), previous_proven=proven
    )
    assert ask("previous_stage", facts).verdict is verdict
    assert ask("previous_stage", replace(facts, kind=Kind.ROLLBACK)).verdict is PASS
    assert ask("previous_stage", replace(facts, previous_stage="")).verdict is PASS


def need(running: str, why: str = "needs") -> NeedFact:
    return NeedFact(name="Cards", at_least="2.0", running=running, why=why)


@pytest.mark.parametrize(
    ("needs", "verdict"),
    [
        ((), PASS),
        ((need("2.0"),), PASS),
        ((need("2.1"),), PASS),
        ((need("1.9"),), FAIL),
        ((need(""),), UNKNOWN),
        ((need("nightly"),), UNKNOWN),
        ((need("", "train"),), FAIL),
        ((need("nightly"), need("1.9")), FAIL),
    ],
)
def test_what_it_needs_runs_first(needs: tuple[NeedFact, ...], verdict: Verdict) -> None:
    assert ask("dependencies", replace(FACTS, needs=needs)).verdict is verdict


def incident(number: int = 5, severity: int = 2, *, is_own: bool = True) -> IncidentFact:
    return IncidentFact(
        id=number, title="Slow", severity=severity, service="Checkout", is_own=is_own
    )


def test_an_open_incident_closes_the_gate_unless_the_release_mends_it_complaint_33() -> None:
    facts = replace(FACTS, incidents=(incident(),))
    assert ask("incident", FACTS).verdict is PASS
    assert ask("incident", facts).verdict is FAIL
    assert ask("incident", replace(facts, fixes_incident_id=5)).verdict is PASS
    assert ask("incident", replace(facts, fixes_incident_id=6)).verdict is FAIL
    assert ask("incident", replace(facts, kind=Kind.ROLLBACK)).verdict is PASS
    assert ask("incident", replace(FACTS, incidents=(incident(severity=4),))).verdict is PASS
    assert ask("incident", replace(FACTS, incidents=None)).verdict is UNKNOWN
    below = ask("incident", replace(FACTS, incidents=(incident(is_own=False),)))
    assert "which it needs" in below.why


def test_of_a_private_incident_nothing_is_told() -> None:
    private = IncidentFact(id=77, title="", severity=1, service="Checkout", is_own=True)
    shown = ask("incident", replace(FACTS, incidents=(private,))).evidence[0]
    assert "77" not in shown.text + shown.href


@pytest.mark.parametrize(
    ("states", "kind", "verdict"),
    [
        ((), Kind.FEATURE, PASS),
        (("OK",), Kind.FEATURE, PASS),
        (("OK", "WARN"), Kind.FEATURE, PASS),
        (("OK", ""), Kind.FEATURE, UNKNOWN),
        (("OK", ""), Kind.SECURITY, PASS),
        (("FROZEN", ""), Kind.FEATURE, FAIL),
        (("FROZEN",), Kind.FIX, FAIL),
        (("FROZEN",), Kind.SECURITY, PASS),
        (("FROZEN",), Kind.P0, PASS),
        (("FROZEN",), Kind.ROLLBACK, PASS),
        (("OK",), Kind.P0, PASS),
    ],
)
def test_a_frozen_budget_holds_features(
    states: Sequence[str], kind: Kind, verdict: Verdict
) -> None:
    budgets = tuple(BudgetFact(name=f"b{n}", state=state) for n, state in enumerate(states))
    assert ask("budget", replace(FACTS, budgets=budgets, kind=kind)).verdict is verdict


def test_a_budget_that_cannot_be_read_is_unknown() -> None:
    assert ask("budget", replace(FACTS, budgets=None)).verdict is UNKNOWN


def result(*, is_good: bool = True, age: timedelta = HOUR) -> ResultFact:
    return ResultFact(is_good=is_good, text="", link="", measured_at=NOW - age)


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ({"unit": result()}, PASS),
        ({}, UNKNOWN),
        ({"unit": result(age=25 * HOUR)}, UNKNOWN),
        ({"unit": result(age=24 * HOUR)}, PASS),
        ({"unit": result(is_good=False)}, FAIL),
        ({"unit": result(), "scan": result(is_good=False)}, FAIL),
        ({"unit": result(is_good=False, age=99 * HOUR)}, FAIL),
    ],
)
def test_a_result_that_is_missing_or_old_is_unknown(
    results: dict[str, ResultFact], verdict: Verdict
) -> None:
    facts = ruled(replace(FACTS, results=results), quality=(Expected(name="unit"),))
    assert ask("quality", facts).verdict is verdict


def test_a_result_may_be_of_any_age_and_none_may_be_expected() -> None:
    any_age = (Expected(name="unit", fresh_hours=0),)
    old = replace(FACTS, results={"unit": result(age=9999 * HOUR)})
    assert ask("quality", ruled(old, quality=any_age)).verdict is PASS
    assert ask("quality", FACTS).verdict is PASS


def done(*, is_done: bool = True, text: str = "") -> TickFact:
    return TickFact(is_done=is_done, text=text, link="", by="Ada", at=NOW)


@pytest.mark.parametrize(
    ("ticks", "verdict"),
    [
        ({}, FAIL),
        ({"notes": done()}, UNKNOWN),
        ({"notes": done(), "scan": done(is_done=False)}, FAIL),
        ({"notes": done(text="Seen"), "scan": done()}, PASS),
        ({"scan": done()}, FAIL),
    ],
)
def test_what_a_pipeline_did_not_say_is_unknown_and_what_a_person_did_not_do_fails(
    ticks: dict[str, TickFact], verdict: Verdict
) -> None:
    items = (Item(key="notes", text="Notes"), Item(key="scan", text="Scan", check="scan"))
    assert ask("checklist", ruled(replace(FACTS, ticks=ticks), checklist=items)).verdict is verdict
    assert ask("checklist", FACTS).verdict is PASS


def test_enough_people_of_the_own_team_sign() -> None:
    two = ruled(need=2)
    assert ask("approvals", replace(two, sign_offs=(yes(1),))).verdict is FAIL
    assert ask("approvals", replace(two, sign_offs=(yes(1), yes(2)))).verdict is PASS
    elsewhere = replace(two, sign_offs=(yes(1), yes(2, team_id=9)))
    assert ask("approvals", elsewhere).verdict is FAIL
    assert ask("approvals", ruled(need=0)).verdict is PASS


def test_n_of_m_teams_sign_complaint_35() -> None:
    groups = (Group(team_id=1), Group(team_id=2, need=2), Group(team_id=3))
    facts = ruled(replace(FACTS, teams={1: "A", 2: "B", 3: "C"}), groups=groups, at_least=2)
    one = ask("approvals", replace(facts, sign_offs=(yes(1), yes(2, 2))))
    assert (one.verdict, one.change) == (FAIL, "Sign-off is needed: 1 of B or 1 of C.")
    assert ask("approvals", replace(facts, sign_offs=(yes(1), yes(2, 3)))).verdict is PASS
    everyone = ruled(facts, at_least=0)
    assert ask("approvals", replace(everyone, sign_offs=(yes(1), yes(2, 3)))).verdict is FAIL


def test_whoever_made_it_has_no_say() -> None:
    mine = replace(FACTS, author_id=1, sign_offs=(yes(1),))
    assert ask("approvals", mine).verdict is FAIL


def test_the_gate_can_say_reject_complaint_32_flagger_738() -> None:
    no = replace(yes(2), is_yes=False, comment="Breaks billing")
    found = ask("approvals", replace(FACTS, sign_offs=(yes(1), yes(3), no)))
    assert (found.verdict, found.is_final) == (FAIL, True)
    assert found.why == "P2 said no: Breaks billing"


def test_a_standard_change_was_approved_before() -> None:
    standard = StandardFact(name="Config", approved_by="Eve", expires_at=NOW + HOUR)
    facts = replace(FACTS, standard=standard)
    assert ask("approvals", facts).verdict is PASS
    assert ask("approvals", facts, NOW + HOUR).verdict is FAIL
    assert ask("approvals", replace(FACTS, kind=Kind.ROLLBACK)).verdict is PASS


def test_the_way_back_is_stated_and_proven() -> None:
    planned = replace(FACTS, rollback_plan="Deploy the one before")
    assert ask("rollback", FACTS).verdict is FAIL
    assert ask("rollback", planned).verdict is PASS
    running = replace(planned, running="1.4.1")
    assert ask("rollback", running).verdict is UNKNOWN
    assert ask("rollback", replace(running, running_is_proven=True)).verdict is PASS
    assert ask("rollback", replace(FACTS, kind=Kind.ROLLBACK)).verdict is PASS


def test_what_cannot_be_undone_needs_an_exception_complaint_30() -> None:
    facts = replace(FACTS, rollback_plan="Mend forward", is_irreversible=True)
    assert ask("rollback", facts).verdict is FAIL
    lenient = ruled(facts, irreversible_needs_exception=False)
    assert ask("rollback", lenient).verdict is PASS


@pytest.mark.parametrize(
    ("duties", "verdict"),
    [
        ((DUTY,), PASS),
        ((), FAIL),
        ((replace(DUTY, flaw="they have no way to be paged"),), FAIL),
        ((replace(DUTY, ends_at=NOW + HOUR / 2),), FAIL),
        ((replace(DUTY, ends_at=NOW + HOUR / 2), DUTY), PASS),
        (None, UNKNOWN),
    ],
)
def test_somebody_is_on_call_and_within_reach_complaint_34(
    duties: tuple[DutyFact, ...] | None, verdict: Verdict
) -> None:
    assert ask("on_call", replace(FACTS, duties=duties)).verdict is verdict


def test_whoever_is_on_call_is_awake_complaint_34() -> None:
    facts = ruled(replace(FACTS, duties=(replace(DUTY, zone="America/Los_Angeles"),)))
    night = ask("on_call", ruled(facts, awake=(8 * 60, 20 * 60)))
    assert (night.verdict, night.why) == (FAIL, "It is 04:00 for Ada.")
    assert "08:00 to 20:00" in night.change
    day = ruled(replace(FACTS, duties=(DUTY,)), awake=(8 * 60, 20 * 60))
    assert ask("on_call", day).verdict is PASS
    assert ask("on_call", replace(facts, kind=Kind.ROLLBACK)).verdict is PASS


def signed(*gates: str, until: timedelta = HOUR) -> Signed:
    return Signed(id=3, gates=frozenset(gates), expires_at=NOW + until, words="Eve: it burns")


def test_an_exception_lets_through_the_gates_it_names_until_it_ends() -> None:
    facts = replace(FACTS, stops=(STOP,), freezes=(freeze(-HOUR, HOUR),))
    names = frozenset({"stop", "freeze", "window"})
    results = ask_all(ruled(facts, gates=names), now=NOW)
    assert closed(results) == ["stop", "freeze"]
    assert closed(excepted(results, [signed("freeze")], now=NOW)) == ["stop"]
    assert closed(excepted(results, [signed("stop", "freeze")], now=NOW)) == ["stop"]
    assert closed(excepted(results, [signed("window")], now=NOW)) == ["stop", "freeze"]
    over = signed("freeze", until=-HOUR)
    assert closed(excepted(results, [over], now=NOW)) == ["stop", "freeze"]
    assert used(results, [signed("freeze"), over, signed("window")], now=NOW) == [3]


VERDICTS = st.lists(st.sampled_from(Verdict))


@given(VERDICTS)
def test_fail_beats_unknown_and_unknown_is_never_pass(verdicts: list[Verdict]) -> None:
    results = [GateResult(name=f"g{n}", verdict=one, why="") for n, one in enumerate(verdicts)]
    whole = overall(results)
    assert (whole is PASS) == (bool(verdicts) and set(verdicts) == {PASS})
    assert (whole is FAIL) == (FAIL in verdicts)


@given(
    st.builds(
        Facts,
        service=st.just("S"),
        version=st.just("1"),
        stage=st.just("PROD"),
        kind=st.sampled_from(Kind),
        rules=st.builds(
            Rules,
            need=st.integers(0, 3),
            watch_minutes=st.integers(0, 600),
            previous_proven=st.booleans(),
            awake=st.sampled_from([None, (480, 1200)]),
            irreversible_needs_exception=st.booleans(),
        ),
        author_id=st.integers(1, 3),
        team_id=st.just(1),
        is_irreversible=st.booleans(),
        rollback_plan=st.sampled_from(["", "Undo"]),
        running=st.sampled_from(["", "0.9"]),
        running_is_proven=st.booleans(),
        previous_stage=st.sampled_from(["", "UAT"]),
        previous_state=st.sampled_from([None, *State]),
        stops=st.sampled_from([(), (STOP,)]),
        freezes=st.lists(
            st.just(freeze(-HOUR, HOUR)) | st.just(freeze(HOUR, 2 * HOUR)), max_size=2
        ).map(tuple),
        windows=st.sampled_from([(), (WINDOW,)]),
        needs=st.lists(st.sampled_from([need("2.1"), need("1"), need("")]), max_size=3).map(tuple),
        incidents=st.sampled_from([None, (), (incident(),), (incident(severity=5),)]),
        budgets=st.sampled_from([None, (), (BudgetFact(name="b", state="FROZEN"),)]),
        sign_offs=st.lists(st.integers(1, 4).map(yes), max_size=3).map(tuple),
        duties=st.sampled_from([None, (), (DUTY,)]),
        handovers=st.lists(st.integers(0, 99).map(lambda h: NOW + h * HOUR), max_size=3).map(tuple),
    ),
    st.integers(0, 24 * 14),
)
def test_whatever_is_asked_each_gate_answers_and_says_what_would_change_it(
    facts: Facts, hours: int
) -> None:
    for one in ask_all(facts, now=NOW + hours * HOUR):
        assert one.why
        assert bool(one.change) == (one.verdict is not PASS)
        assert one.opens_at is None or one.opens_at > NOW + hours * HOUR
