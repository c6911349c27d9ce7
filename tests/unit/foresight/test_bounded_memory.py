"""A what-if holds what is open, never all that was recorded: ten times the alerts, as much memory.

Counted in what Python allocates, not timed. The alerts come one a minute, each ends after ten, and
each of them is the only one of its host: nothing that is kept by host may stay.
"""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from evenfall.alerting.logic import grouping
from evenfall.alerting.logic.candidate import Candidate, IntegrationFacts
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule
from evenfall.alerting.logic.matchers import Matcher, Operator
from evenfall.alerting.logic.replaying import Configuration, Life, Replay
from evenfall.alerting.logic.rules import Effects, Rule, compile_rules
from evenfall.alerting.logic.updates import Outcome, Severity
from evenfall.foresight.logic.differences import MOST_LINES, Differences
from evenfall.incidents.ports import Answers, Incidents

T0 = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEW, MANY = 150, 1_500
ANY = (Matcher("alertname", Operator.EQUAL, "disk"),)


def lives(count: int) -> Iterator[Life]:
    for number in range(count):
        at = T0 + number * MINUTE
        yield Life(
            candidate=Candidate(
                alert_id=number,
                integration_id=1,
                dedup_key=f"disk/{number}",
                at=at,
                summary=f"The disk of host {number} is full",
                severity=Severity.ERROR,
                told_severity=Severity.ERROR,
                labels={"alertname": "disk", "host": f"host-{number}", "text": "x" * 500},
            ),
            ends_at=at + 10 * MINUTE,
        )


def configuration(*, outcome: Outcome, group_by: tuple[str, ...]) -> Configuration:
    effects = Effects(outcome=outcome, group_by=group_by, group_window=20 * MINUTE)
    rules = (Rule(id=1, name="all", effects=effects),)
    hosts = InhibitionRule(id=2, name="hosts", source=ANY, target=ANY, equal=("host",))
    return Configuration(
        integrations={1: IntegrationFacts(1, "Prometheus", None, None, "PROD")},
        services={},
        rules=compile_rules(1, rules),
        all_rules=rules,
        inhibitions=InhibitionBook.of([hosts]),
    )


def peak(count: int, before: Configuration, after: Configuration) -> int:
    """Bytes that a replay of so many alerts by both holds at most."""
    until = T0 + (count + 60) * MINUTE
    sides = [
        (Replay(one, until=until), Incidents({}, usual=Answers(answered_after=5 * MINUTE)))
        for one in (before, after)
    ]
    differences = Differences()
    tracemalloc.start()
    try:
        for life in lives(count):
            firsts = []
            for replay, incidents in sides:
                turns = list(replay.opened(life))
                firsts.append(next(turn for turn in turns if turn.is_first))
                for turn in turns:
                    incidents.take(turn)
            differences.take(*firsts)
        assert differences.alerts == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the cache of group names, which has an end of its own."""
    cached = vars(grouping)["_base"]
    monkeypatch.setattr(grouping, "_base", cached.__wrapped__)


RECORDED = configuration(outcome=Outcome.RECORD, group_by=("host",))
TICKETS = configuration(outcome=Outcome.TICKET, group_by=("host",))
ONE_INCIDENT = configuration(outcome=Outcome.PAGE, group_by=("alertname",))


def test_what_calls_nobody_leaves_nothing() -> None:
    peak(9, RECORDED, TICKETS)  # what is made once is there after the first time
    few, many = peak(FEW, RECORDED, TICKETS), peak(MANY, RECORDED, TICKETS)
    assert many < 2 * few


def test_an_alert_of_an_incident_leaves_its_number_and_how_bad_it_was() -> None:
    peak(9, ONE_INCIDENT, RECORDED)
    few, many = peak(FEW, ONE_INCIDENT, RECORDED), peak(MANY, ONE_INCIDENT, RECORDED)
    assert (many - few) / (MANY - FEW) < 300


def test_differences_are_counted_and_few_are_listed() -> None:
    before = Replay(ONE_INCIDENT, until=T0 + 5 * MANY * MINUTE)
    after = Replay(RECORDED, until=T0 + 5 * MANY * MINUTE)
    found = Differences()
    for life in lives(MOST_LINES + 7):
        (one,) = (turn for turn in before.opened(life) if turn.is_first)
        (other,) = (turn for turn in after.opened(life) if turn.is_first)
        found.take(one, other)
    assert len(found.stopped) == MOST_LINES
    assert found.counts["stopped"] == MOST_LINES + 7
