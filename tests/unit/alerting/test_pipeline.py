from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.factories.alerting import candidate

from evenfall.alerting.logic import pipeline
from evenfall.alerting.logic.candidate import Candidate, Context, IntegrationFacts, ServiceFacts
from evenfall.alerting.logic.causes import Finding, Node, Problem, Why, graph_of
from evenfall.alerting.logic.depending import asked_of
from evenfall.alerting.logic.grouping import Group
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule, Inhibitor
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.quiet import Maintenance, Silence
from evenfall.alerting.logic.rules import Effects, Rule, compile_rules
from evenfall.alerting.logic.updates import Outcome, Severity, Urgency

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHECKOUT = ServiceFacts(5, "checkout", "Checkout", 2)
SEARCH = ServiceFacts(6, "search", "Search", 3)
SILENCE = Silence(
    id=3,
    matchers=parse_matchers('team="web"'),
    starts_at=NOW - HOUR,
    ends_at=NOW + HOUR,
    comment="we know",
    created_by="Ada",
)
WINDOW = Maintenance(id=4, name="move", starts_at=NOW - HOUR, ends_at=NOW + HOUR)
INHIBITION = InhibitionRule(
    id=1,
    name="Database",
    source=parse_matchers('alertname="Down"'),
    target=parse_matchers('alertname="Slow"'),
)

GRAPH = graph_of(
    version=1,
    nodes=[Node(5, "Checkout", 2, 2), Node(6, "Search", 3, 2), Node(7, "Vault", 2, 2)],
    edges=[(5, 6), (7, 5)],
)


def context(
    *rules: Rule,
    service_id: int | None = 5,
    silences: tuple[Silence, ...] = (),
    maintenances: tuple[Maintenance, ...] = (),
    groups: dict[str, Group] | None = None,
) -> Context:
    return Context(
        integrations={1: IntegrationFacts(1, "Prometheus", service_id, 1, "PROD")},
        services={5: CHECKOUT, 6: SEARCH},
        services_by_slug={"checkout": CHECKOUT, "search": SEARCH},
        silences=silences,
        maintenances=maintenances,
        rules=compile_rules(1, rules),
        groups=groups or {},
    )


def decide(one: Candidate, known: Context) -> Candidate:
    (decided,) = pipeline.run([one], known, lambda _name, _batch, given: given)
    return decided


def reasons(decided: Candidate) -> dict[str, str]:
    return {result.stage: result.reason for result in decided.results}


def results(decided: Candidate) -> dict[str, str]:
    return {result.stage: result.result for result in decided.results}


def test_every_stage_leaves_a_result_with_a_reason() -> None:
    book = InhibitionBook.of([INHIBITION])
    came_back = replace(candidate(), ended=1)
    waits = Rule(id=7, name="later", effects=Effects(wait=timedelta(minutes=3)))
    known = replace(
        context(waits), inhibitions=book, findings={0: Finding(why=Why.NO_CAUSE)}, graph=GRAPH
    )
    decided = decide(came_back, known)
    assert [result.stage for result in decided.results] == [s.name for s in pipeline.STAGES]
    assert all(result.result and result.reason for result in decided.results)


def test_a_symptom_of_an_open_cause_is_held_and_still_tells_what_it_would_do() -> None:
    book = InhibitionBook.of([INHIBITION])
    symptom = candidate(labels={"alertname": "Slow"})
    (role,) = book.roles({"alertname": "Slow"})
    cause = Inhibitor(alert_id=4, summary="Database is down", is_target=False)
    known = replace(
        context(),
        inhibitions=book,
        roles={9: (role,)},
        inhibitors={(role.rule_id, role.key): [cause]},
    )
    decided = decide(replace(symptom, alert_id=9), known)
    assert (decided.held_by, decided.inhibitor_id, decided.outcome) == ("alert:4", 4, "record")
    assert "Database is down" in reasons(decided)["inhibit"]
    assert "Without it: page" in reasons(decided)["outcome"]
    again = pipeline.again(decided)
    assert (again.held_by, again.inhibitor_id) == ("", None)


def test_what_comes_and_goes_is_said_to_flap_and_decided_as_ever() -> None:
    first, once, often = (
        decide(replace(candidate(), ended=ended), context()) for ended in (0, 1, 3)
    )
    assert "flap" not in results(first)
    assert results(once)["flap"] == "came back"
    assert "It ended once in the last 30 min" in reasons(once)["flap"]
    assert results(often)["flap"] == "flapping"
    assert "until it was quiet for 15 min" in reasons(often)["flap"]
    assert often.outcome is first.outcome


def test_without_inhibition_rules_there_is_nothing_to_tell() -> None:
    assert "inhibit" not in results(decide(candidate(), context()))


def test_a_production_error_pages_at_once() -> None:
    decided = decide(candidate(severity=Severity.ERROR), context())
    assert (decided.outcome, decided.urgency) == (Outcome.PAGE, Urgency.HIGH)
    assert results(decided)["group"] == "new"


@pytest.mark.parametrize(
    ("labels", "own", "slug", "words"),
    [
        ({"service": "Search"}, 5, "search", "label service=Search"),
        ({"service": "gone"}, 5, "checkout", "belongs to the service Checkout"),
        ({}, 5, "checkout", "belongs to the service Checkout"),
        ({"service": "gone"}, None, "", "No service is called gone"),
        ({}, None, "", "Neither a label"),
        ({}, 99, "", "Neither a label"),
    ],
)
def test_enrich_finds_the_service(
    labels: dict[str, str], own: int | None, slug: str, words: str
) -> None:
    decided = decide(candidate(labels=labels), context(service_id=own))
    assert decided.service == slug
    assert words in reasons(decided)["enrich"]


def test_enrich_takes_the_team_of_the_service_or_of_the_integration() -> None:
    assert decide(candidate(), context()).team_id == 2
    assert decide(candidate(), context(service_id=None)).team_id == 1


@pytest.mark.parametrize(
    ("told", "labels", "environment"),
    [
        ("staging", {}, "UAT"),
        (None, {"env": "dev"}, "DEV"),
        (None, {"environment": "Production", "env": "dev"}, "PROD"),
        ("moon", {}, "PROD"),
        (None, {}, "PROD"),
    ],
)
def test_enrich_finds_the_environment(
    told: str | None, labels: dict[str, str], environment: str
) -> None:
    one = replace(candidate(labels=labels), told_environment=told)
    assert decide(one, context()).environment == environment


def test_a_silence_holds_the_alert_and_says_what_it_would_have_been() -> None:
    decided = decide(candidate(labels={"team": "web"}), context(silences=(SILENCE,)))
    assert decided.outcome is Outcome.RECORD
    assert decided.held_by == "silence:3"
    assert 'by Ada: "we know"' in reasons(decided)["silence"]
    assert "Without it: page" in reasons(decided)["outcome"]


def test_a_silence_of_others_does_not_hold() -> None:
    decided = decide(candidate(labels={"team": "api"}), context(silences=(SILENCE,)))
    assert decided.held_by == ""
    assert reasons(decided)["silence"] == "No silence matches."


def test_maintenance_holds_the_alert() -> None:
    decided = decide(candidate(), context(maintenances=(WINDOW,)))
    assert (decided.outcome, decided.held_by) == (Outcome.RECORD, "maintenance:4")
    assert decided.maintenance_id == 4


def test_maintenance_elsewhere_does_not_hold() -> None:
    elsewhere = Maintenance(
        id=4, name="x", starts_at=NOW - HOUR, ends_at=NOW + HOUR, service_ids=frozenset({6})
    )
    decided = decide(candidate(), context(maintenances=(elsewhere,)))
    assert reasons(decided)["maintenance"] == "No maintenance covers it."


def test_silence_and_maintenance_are_both_remembered() -> None:
    decided = decide(
        candidate(labels={"team": "web"}),
        context(silences=(SILENCE,), maintenances=(WINDOW,)),
    )
    assert (decided.silence_id, decided.maintenance_id) == (3, 4)
    assert decided.held_by == "silence:3"


def test_a_rule_decides_outcome_severity_service_policy_and_urgency() -> None:
    effects = Effects(
        outcome=Outcome.PAGE,
        urgency=Urgency.LOW,
        severity=Severity.CRITICAL,
        service_id=6,
        policy_id=8,
    )
    rule = Rule(id=7, name="search pages", condition='labels.team == "web"', effects=effects)
    decided = decide(candidate(labels={"team": "web"}, severity=Severity.INFO), context(rule))
    assert (decided.rule_id, decided.service, decided.team_id) == (7, "search", 3)
    assert (decided.outcome, decided.urgency) == (Outcome.PAGE, Urgency.LOW)
    assert (decided.severity, decided.policy_id) == (Severity.CRITICAL, 8)
    assert reasons(decided)["outcome"] == 'The rule "search pages" says page.'


def test_a_rule_may_lower_only_the_urgency() -> None:
    rule = Rule(id=7, name="later", effects=Effects(urgency=Urgency.LOW))
    decided = decide(candidate(), context(rule))
    assert (decided.outcome, decided.urgency) == (Outcome.PAGE, Urgency.LOW)


def test_an_outcome_brings_its_own_urgency() -> None:
    rule = Rule(id=7, name="always", effects=Effects(outcome=Outcome.PAGE))
    decided = decide(candidate(severity=Severity.INFO), context(rule))
    assert decided.urgency is Urgency.HIGH


def test_a_rule_that_waits_holds_a_page_until_then() -> None:
    rule = Rule(id=7, name="later", effects=Effects(wait=timedelta(minutes=3)))
    opens = replace(candidate(), at=NOW)
    decided = decide(opens, context(rule))
    assert (decided.held_by, decided.outcome) == ("wait:180", Outcome.RECORD)
    assert reasons(decided)["wait"].startswith("Until 01:03:00 UTC, because the rule")
    assert reasons(decided)["outcome"].startswith("It waits 3 minutes. Without it: page")
    late = replace(opens, opened_at=NOW, at=NOW + timedelta(minutes=3))
    assert decide(late, context(rule)).outcome is Outcome.PAGE
    called = replace(opens, called=True)
    assert decide(called, context(rule)).outcome is Outcome.PAGE
    silenced = decide(
        replace(candidate(labels={"team": "web"}), at=NOW),
        context(rule, silences=(SILENCE,)),
    )
    assert silenced.held_by == "silence:3"
    ticket = Rule(id=7, name="t", effects=Effects(wait=HOUR, outcome=Outcome.TICKET))
    assert decide(opens, context(ticket)).outcome is Outcome.TICKET


def test_an_unparsed_alert_goes_to_the_catch_all() -> None:
    greedy = Rule(id=7, name="greedy", effects=Effects(outcome=Outcome.RECORD))
    one = replace(candidate(), unparsed="The body is no JSON.")
    decided = decide(one, context(greedy))
    assert decided.rule_id is None
    assert decided.outcome is Outcome.PAGE
    assert "The body is no JSON." in reasons(decided)["route"]


def test_group_joins_the_last_run_of_its_base() -> None:
    base = pipeline.base_of(decide(candidate(), context()))
    known = {base: Group(base, f"{base}.1", NOW - timedelta(minutes=10))}
    decided = decide(candidate(), context(groups=known))
    assert decided.group is not None
    assert decided.group.key == f"{base}.1"
    assert results(decided)["group"] == "joins"


def test_group_window_of_a_rule_counts() -> None:
    rule = Rule(id=1, name="short", effects=Effects(group_window=timedelta()))
    base = pipeline.base_of(decide(candidate(), context(rule)))
    known = {base: Group(base, f"{base}.1", NOW - timedelta(minutes=10))}
    assert results(decide(candidate(), context(rule, groups=known)))["group"] == "new"


def test_group_keys_of_a_rule_keep_alerts_apart() -> None:
    names = ("zone", "severity", "nothing")
    rule = Rule(id=1, name="by zone", effects=Effects(group_by=names))
    one, same, other = (
        pipeline.base_of(decide(candidate(labels={"zone": zone}), context(rule)))
        for zone in ("a", "a", "b")
    )
    assert one == same != other


def test_without_a_service_alerts_group_by_their_name() -> None:
    one, other = (
        pipeline.base_of(decide(candidate(labels={"alertname": n}), context(service_id=None)))
        for n in ("Disk", "Memory")
    )
    assert one != other


def test_prepare_is_asked_once_for_the_batch() -> None:
    asked: list[tuple[str, int]] = []

    def prepare(name: str, batch: object, known: Context) -> Context:
        asked.append((name, len(batch)))  # type: ignore[arg-type] # a list of candidates
        return known

    pipeline.run([candidate(), candidate(dedup_key="b")], context(), prepare)
    assert asked == [("inhibitors", 2), ("groups", 2), ("causes", 2)]


def test_again_forgets_the_decision_and_keeps_the_words_of_the_sender() -> None:
    rule = Rule(id=1, name="worse", effects=Effects(severity=Severity.CRITICAL))
    decided = decide(
        candidate(labels={"team": "web"}, severity=Severity.WARNING),
        context(rule, silences=(SILENCE,)),
    )
    fresh = pipeline.again(decided)
    assert (fresh.severity, fresh.held_by, fresh.results) == (Severity.WARNING, "", ())
    assert decide(fresh, context()).outcome is Outcome.TICKET


def problem(alert_id: int, service_id: int, team_id: int | None = 3) -> Problem:
    return Problem(
        alert_id=alert_id,
        summary="Index is gone",
        service_id=service_id,
        environment="PROD",
        team_id=team_id,
        opened_at=NOW,
        group_key="others",
    )


def depending(finding: Finding, one: Candidate | None = None) -> Candidate:
    return decide(one or candidate(), replace(context(), graph=GRAPH, findings={0: finding}))


def test_a_symptom_waits_for_the_problem_of_a_service_that_it_needs() -> None:
    decided = depending(Finding(why=Why.CAUSED, cause=problem(4, 6), steps=1))
    assert (decided.held_by, decided.inhibitor_id, decided.cause_id) == ("cause:4", 4, 4)
    assert decided.outcome is Outcome.RECORD
    assert 'by alert 4, "Index is gone": Checkout needs Search.' in reasons(decided)["depend"]
    assert "Without it: page" in reasons(decided)["outcome"]
    fresh = pipeline.again(decided)
    assert (fresh.cause_id, fresh.held_by, fresh.caused_ids) == (None, "", ())


@pytest.mark.parametrize("why", [Why.SPLIT_OFF, Why.CALLED, Why.NEVER_HELD, Why.VITAL])
def test_what_does_not_wait_is_linked_and_calls(why: Why) -> None:
    decided = depending(Finding(why=why, cause=problem(4, 6), steps=1))
    assert (decided.held_by, decided.cause_id, decided.outcome) == ("", 4, Outcome.PAGE)
    assert results(decided)["depend"] == "linked"


def test_a_late_cause_joins_what_its_own_team_works_on_and_is_linked_to_others() -> None:
    mine, other = problem(4, 7, team_id=2), problem(3, 7, team_id=9)
    joined = depending(Finding(why=Why.NO_CAUSE, caused=(other, mine)))
    assert joined.group is not None
    assert (joined.group.key, joined.caused_ids) == ("others", (3, 4))
    assert results(joined)["depend"] == "joins"
    linked = depending(Finding(why=Why.NO_CAUSE, caused=(other,)))
    assert (linked.group and linked.group.key == "others", linked.caused_ids) == (False, (3,))
    called = replace(candidate(), called=True)
    stays = depending(Finding(why=Why.NO_CAUSE, caused=(mine,)), called)
    assert results(stays)["depend"] == "causes"
    assert "depend" not in results(depending(Finding(why=Why.QUIET)))


def test_only_what_would_call_people_is_asked_about() -> None:
    known = replace(context(), graph=GRAPH)
    loud = replace(candidate(), service_id=5, environment="PROD", at=NOW)
    quiet = replace(loud, severity=Severity.INFO)
    held = replace(loud, held_by="silence:3")
    nowhere = replace(loud, service_id=None)
    alone = replace(loud, service_id=99)
    asked = asked_of([loud, quiet, held, nowhere, alone], known)
    assert [(one.calls, one.is_urgent) for one in asked] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    assert asked[0].problem.opened_at == NOW


@pytest.mark.parametrize("environment", ["UAT", "DEV"])
@pytest.mark.parametrize("outcome", [Outcome.PAGE, Outcome.LOW])
def test_outside_of_production_no_rule_wakes_anybody(environment: str, outcome: Outcome) -> None:
    effects = Effects(outcome=outcome, urgency=Urgency.HIGH)
    loud = Rule(id=9, name="Loud", effects=effects)
    one = candidate(severity=Severity.CRITICAL, labels={"environment": environment})
    by_night = decide(one, context(loud))
    assert (by_night.outcome, by_night.urgency) == (Outcome.LOW, Urgency.LOW)
    assert f"{environment} wakes nobody out of working hours" in reasons(by_night)["outcome"]
    noon = decide(replace(one, at=NOW + 10 * HOUR), context(loud))
    assert (noon.outcome, noon.urgency) == (outcome, Urgency.HIGH)
