"""Dependency suppression as a pure function: who waits for whom, and that somebody is called."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.alerting import NIGHT

from evenfall.alerting.logic import causes
from evenfall.alerting.logic.causes import Asked, Holding, Node, Problem, ServiceGraph, Why
from evenfall.alerting.logic.updates import Severity

CHECKOUT, API, DATABASE = 1, 2, 3
CHAIN = ((CHECKOUT, API), (API, DATABASE))


def graph(
    edges: Iterable[tuple[int, int]] = CHAIN,
    *,
    most_steps: int = 3,
    tier: int = 2,
    holding: Holding = Holding.AUTO,
) -> ServiceGraph:
    edges = list(edges)
    ids = {number for edge in edges for number in edge}
    nodes = [Node(number, f"Service {number}", number, tier, holding) for number in sorted(ids)]
    return causes.graph_of(version=1, nodes=nodes, edges=edges, most_steps=most_steps)


def problem(
    alert_id: int, service_id: int, *, at: datetime = NIGHT, environment: str = "PROD"
) -> Problem:
    return Problem(
        alert_id=alert_id,
        summary=f"Alert {alert_id}",
        service_id=service_id,
        environment=environment,
        team_id=service_id,
        opened_at=at,
        group_key=f"g{service_id}",
    )


def asked(one: Problem, severity: Severity = Severity.ERROR, **said: bool) -> Asked:
    return Asked(**{"problem": one, "severity": severity, "calls": True, "is_urgent": True, **said})  # type: ignore[arg-type] # what the test varies


def test_a_symptom_waits_for_an_open_problem_over_two_steps() -> None:
    found = causes.findings([asked(problem(9, CHECKOUT))], [problem(1, DATABASE)], graph())[9]
    assert (found.why, found.cause and found.cause.alert_id, found.steps) == (Why.CAUSED, 1, 2)
    assert found.is_held
    words = causes.needs_words(graph(), CHECKOUT, problem(1, DATABASE), 2)
    assert words == "Service 1 needs Service 3, over 2 steps"


def test_the_nearest_problem_counts_and_of_two_the_oldest() -> None:
    standing = [problem(1, DATABASE), problem(5, API), problem(4, API)]
    found = causes.findings([asked(problem(9, CHECKOUT))], standing, graph())[9]
    assert found.cause == problem(4, API)


@pytest.mark.parametrize(
    ("standing", "most_steps"),
    [
        (problem(1, DATABASE), 1),
        (problem(1, DATABASE, environment="UAT"), 3),
        (problem(1, DATABASE, at=NIGHT - timedelta(hours=2)), 3),
        (problem(1, 77), 3),
    ],
    ids=["too far", "elsewhere", "too old", "unknown"],
)
def test_what_is_too_far_away_is_no_cause(standing: Problem, most_steps: int) -> None:
    near = graph(most_steps=most_steps)
    found = causes.findings([asked(problem(9, CHECKOUT))], [standing], near)[9]
    assert (found.why, found.cause) == (Why.NO_CAUSE, None)


@pytest.mark.parametrize(
    ("one", "near", "why"),
    [
        (asked(problem(9, CHECKOUT), is_split=True), graph(), Why.SPLIT_OFF),
        (asked(problem(9, CHECKOUT), called=True), graph(), Why.CALLED),
        (asked(problem(9, CHECKOUT)), graph(holding=Holding.NEVER), Why.NEVER_HELD),
        (asked(problem(9, CHECKOUT), Severity.CRITICAL), graph(tier=1), Why.VITAL),
        (asked(problem(9, CHECKOUT), Severity.CRITICAL), graph(tier=2), Why.CAUSED),
        (asked(problem(9, CHECKOUT), Severity.ERROR), graph(tier=1), Why.CAUSED),
        (
            asked(problem(9, CHECKOUT), Severity.CRITICAL),
            graph(tier=1, holding=Holding.ALWAYS),
            Why.CAUSED,
        ),
        (asked(problem(9, CHECKOUT), calls=False, is_urgent=False), graph(), Why.QUIET),
    ],
)
def test_who_waits_and_who_calls_all_the_same(one: Asked, near: ServiceGraph, why: Why) -> None:
    found = causes.findings([one], [problem(1, DATABASE)], near)[9]
    assert found.why is why
    assert found.is_held is (why is Why.CAUSED)
    assert (found.cause is None) is (why is Why.QUIET)


def test_cause_and_symptom_of_one_batch_in_any_order() -> None:
    batch = [asked(problem(1, CHECKOUT)), asked(problem(2, API)), asked(problem(3, DATABASE))]
    found = causes.findings(batch, [], graph())
    assert [found[n].why for n in (1, 2, 3)] == [Why.CAUSED, Why.CAUSED, Why.NO_CAUSE]
    assert found[1].cause == problem(3, DATABASE)


def test_what_is_told_quietly_is_no_cause() -> None:
    batch = [asked(problem(1, CHECKOUT)), asked(problem(3, DATABASE), is_urgent=False)]
    assert causes.findings(batch, [], graph())[1].why is Why.NO_CAUSE


def test_a_late_cause_names_what_it_caused_once_for_each_service() -> None:
    standing = [problem(1, CHECKOUT), problem(2, CHECKOUT), problem(4, API)]
    found = causes.findings([asked(problem(9, DATABASE))], standing, graph())[9]
    assert [one.alert_id for one in found.caused] == [4, 1]
    old = [problem(1, CHECKOUT, at=NIGHT - timedelta(days=1))]
    assert causes.findings([asked(problem(9, DATABASE))], old, graph())[9].caused == ()


def test_a_circle_calls_people() -> None:
    ring = graph([(1, 2), (2, 3), (3, 1)])
    batch = [asked(problem(number, number)) for number in (1, 2, 3)]
    assert {one.why for one in causes.findings(batch, [], ring).values()} == {Why.NO_CAUSE}


_IDS = st.integers(1, 6)


@given(
    edges=st.sets(st.tuples(_IDS, _IDS).filter(lambda edge: edge[0] != edge[1]), max_size=15),
    places=st.lists(_IDS, min_size=1, max_size=8),
    standing=st.lists(_IDS, max_size=3),
    steps=st.integers(1, 4),
)
def test_whatever_waits_waits_for_something_that_calls(
    edges: set[tuple[int, int]], places: list[int], standing: list[int], steps: int
) -> None:
    near = graph(sorted(edges), most_steps=steps)
    before = [problem(100 + place, service) for place, service in enumerate(standing)]
    batch = [asked(problem(place, service)) for place, service in enumerate(places)]
    found = causes.findings(batch, before, near)
    calling = {number for number, one in found.items() if not one.is_held}
    calling |= {one.alert_id for one in before}
    assert calling
    for one in found.values():
        if one.cause is not None and one.is_held:
            assert one.cause.alert_id in calling
    assert found == causes.findings(list(reversed(batch)), before, near)


def test_a_service_that_is_gone_has_a_number() -> None:
    assert graph().name(77) == "service 77"
    assert graph().knows(DATABASE)
    assert not graph().knows(77)
