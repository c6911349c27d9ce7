"""A replay lets alerts wait for the problems of what their services need, as the product does."""

from msgspec.structs import replace
from tests.unit.foresight.test_replaying import (
    DAY,
    DISK,
    MINUTE,
    T0,
    configuration,
    life,
    replayed,
    told,
)

from evenfall.alerting.logic.candidate import IntegrationFacts, ServiceFacts
from evenfall.alerting.logic.causes import LINGER, Node, graph_of
from evenfall.alerting.logic.quiet import Silence
from evenfall.alerting.logic.replaying import Configuration, Life, Replay

CHECKOUT, DATABASE = 1, 2
GRAPH = graph_of(
    version=1,
    nodes=[Node(CHECKOUT, "Checkout", 1, 2), Node(DATABASE, "Database", 2, 2)],
    edges=[(CHECKOUT, DATABASE)],
)


def known(*silences: Silence) -> Configuration:
    """Checkout (integration 1) needs Database (integration 2)."""
    return replace(
        configuration(silences=silences),
        integrations={n: IntegrationFacts(n, f"i{n}", n, n, "PROD") for n in (CHECKOUT, DATABASE)},
        services={
            CHECKOUT: ServiceFacts(CHECKOUT, "checkout", "Checkout", 1),
            DATABASE: ServiceFacts(DATABASE, "database", "Database", 2),
        },
        graph=GRAPH,
    )


def checkout(number: int, *, opens: int, ends: int | None = None) -> Life:
    return life(number, "slow", opens=opens, ends=ends)


def database(number: int, *, opens: int, ends: int | None = None) -> Life:
    made = life(number, "disk", opens=opens, ends=ends)
    return replace(made, candidate=replace(made.candidate, integration_id=DATABASE))


def test_a_symptom_waits_until_its_cause_is_over_and_what_failed_recovered() -> None:
    turns = replayed(known(), database(1, opens=0, ends=5), checkout(2, opens=1, ends=19))
    assert told(turns) == [
        (1, 0, "page"),
        (2, 1, "cause:1"),
        (1, 5, "over"),
        (2, 5 + LINGER // MINUTE, "page"),
        (2, 19, "over"),
    ]


def test_a_symptom_that_ends_soon_after_its_cause_calls_nobody() -> None:
    turns = replayed(known(), database(1, opens=0, ends=5), checkout(2, opens=1, ends=9))
    assert told(turns) == [(1, 0, "page"), (2, 1, "cause:1"), (1, 5, "over"), (2, 9, "over")]


def test_a_symptom_that_ends_first_calls_nobody() -> None:
    turns = replayed(known(), database(1, opens=0, ends=5), checkout(2, opens=1, ends=3))
    assert told(turns) == [(1, 0, "page"), (2, 1, "cause:1"), (2, 3, "over"), (1, 5, "over")]


def test_who_was_called_before_the_cause_came_goes_on() -> None:
    turns = replayed(known(), checkout(1, opens=0), database(2, opens=1, ends=5))
    assert told(turns) == [(1, 0, "page"), (2, 1, "page"), (2, 5, "over")]


def test_a_symptom_that_comes_with_its_cause_waits_from_the_start() -> None:
    replay = Replay(known(), until=T0 + DAY)
    turns = list(replay.opened(checkout(1, opens=0), database(2, opens=0)))
    assert told(turns) == [(1, 0, "cause:2"), (2, 0, "page")]


def test_a_cause_that_calls_nobody_any_more_holds_nobody() -> None:
    quiet = Silence(
        id=3, matchers=DISK, starts_at=T0 + 3 * MINUTE, ends_at=T0 + 6 * MINUTE, comment="quiet"
    )
    turns = replayed(known(quiet), database(1, opens=0), checkout(2, opens=1))
    assert told(turns) == [
        (1, 0, "page"),
        (2, 1, "cause:1"),
        (1, 3, "silence:3"),
        (2, 3, "page"),
        (1, 6, "page"),
    ]


def test_of_two_causes_the_other_one_is_waited_for() -> None:
    turns = replayed(
        known(), database(1, opens=0, ends=5), database(2, opens=1), checkout(3, opens=2)
    )
    assert told(turns)[2:] == [(3, 2, "cause:1"), (1, 5, "over"), (3, 10, "cause:2")]


def test_a_problem_of_long_ago_is_no_cause() -> None:
    turns = replayed(known(), database(1, opens=0), checkout(2, opens=61))
    assert told(turns) == [(1, 0, "page"), (2, 61, "page")]


def test_what_somebody_split_off_waits_for_nothing() -> None:
    mine = checkout(2, opens=1)
    split = replace(mine, candidate=replace(mine.candidate, is_split=True))
    assert told(replayed(known(), database(1, opens=0), split)) == [(1, 0, "page"), (2, 1, "page")]
