"""The figures of a what-if, and the sentence that says them."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from evenfall.alerting.ports import Severity
from evenfall.alerting.ports.proposals import Turn
from evenfall.foresight import contexts
from evenfall.foresight.logic.differences import Differences, Of
from evenfall.foresight.logic.headlines import headline
from evenfall.foresight.logic.reports import (
    Called,
    Moved,
    Person,
    Report,
    Side,
    report,
    unpaged_at_least,
)
from evenfall.foresight.logic.stored import report_from_json, to_json

NIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PEOPLE = {1: Person(name="Ana", zone="UTC"), 2: Person(name="Ben", zone="America/New_York")}


def called(user_id: int, alert_id: int, *, at: datetime = NOON, urgency: str = "high") -> Called:
    return Called(
        at=at, user_id=user_id, urgency=urgency, first_alert_id=alert_id, title="", why=""
    )


def side(*calls: Called, **alerts: str) -> Side:
    numbers = {int(name.removeprefix("a")): severity for name, severity in alerts.items()}
    return Side(incidents=len(calls), called=calls, called_alerts=numbers)


def made(before: Side, after: Side, *, alerts: int = 5) -> Report:
    return report(
        since=NIGHT,
        until=NIGHT + timedelta(days=1),
        zone="UTC",
        as_is=before,
        proposed=after,
        really=[(NOON, 1), (NOON, 9)],
        differences=Differences(alerts=alerts),
        people=PEOPLE,
    )


def test_people_days_and_nights_are_counted_on_their_own_clocks() -> None:
    found = made(
        side(called(1, 1, at=NIGHT), called(1, 2), called(2, 3), called(1, 4, urgency="low")),
        side(called(2, 3), called(2, 5, at=NIGHT)),
    )
    lines = {one.name: (one.as_is, one.proposed, one.really) for one in found.people}
    assert lines == {"Ana": (2, 0, 1), "Ben": (1, 2, 0), "Somebody who has left": (0, 0, 1)}
    assert (found.as_is.pages, found.as_is.nights, found.as_is.low) == (3, 1, 1)
    # one o'clock in London is the evening before in New York
    assert (found.proposed.pages, found.proposed.nights, found.really.pages) == (2, 0, 2)
    assert found.as_is.working == 1
    assert [(d.as_is, d.proposed, d.really) for d in found.days] == [(3, 2, 2), (0, 0, 0)]
    assert [one.alert_id for one in found.gone] == [1, 2]
    assert [(one.name, one.alert_id) for one in found.new] == [("Ben", 5)]
    said = "This would have paged Ana never instead of 2, Ben 2 times instead of 1."
    assert headline(found) == said


def turn(at: int, *, held_by: str = "", is_first: bool = False, is_over: bool = False) -> Turn:
    return Turn(
        alert_id=1,
        at=NOON + timedelta(minutes=at),
        title="Disk",
        severity="error",
        environment="PROD",
        outcome="page",
        urgency="high",
        held_by=held_by,
        group_key="g",
        service_id=None,
        team_id=None,
        policy_id=None,
        rule_id=1,
        is_first=is_first,
        is_over=is_over,
    )


AT_ONCE, WAITS = turn(0, is_first=True), turn(0, held_by="wait:120", is_first=True)


@pytest.mark.parametrize(
    ("before", "after", "later", "counted"),
    [
        # it calls all the same, two minutes later
        (AT_ONCE, WAITS, {Of.PROPOSED: [turn(2)]}, {"later": 1}),
        (WAITS, AT_ONCE, {Of.AS_IS: [turn(2)]}, {"later": 1}),
        # it was over before that
        (AT_ONCE, WAITS, {Of.PROPOSED: [turn(1, is_over=True)]}, {"stopped": 1}),
        (WAITS, AT_ONCE, {Of.AS_IS: [turn(1, is_over=True)]}, {"started": 1}),
        # it waits still when nobody looks any more
        (AT_ONCE, WAITS, {}, {"stopped": 1}),
        # both wait as long
        (WAITS, WAITS, {Of.AS_IS: [turn(2)], Of.PROPOSED: [turn(2)]}, {}),
        # something else holds it afterwards
        (AT_ONCE, WAITS, {Of.PROPOSED: [turn(2, held_by="silence:7")]}, {"stopped": 1}),
        # what happens to the other side of it says nothing
        (AT_ONCE, WAITS, {Of.AS_IS: [turn(1, is_over=True)]}, {"stopped": 1}),
    ],
)
def test_what_waits_is_judged_when_it_waits_no_more(
    before: Turn, after: Turn, later: dict[Of, list[Turn]], counted: dict[str, int]
) -> None:
    found = Differences()
    # another object each, as replays give them
    found.take(before, replace(after))
    for of, turns in later.items():
        for one in turns:
            found.follow(one, of)
    found.finish()
    assert dict(found.counts) == counted
    assert not found.waiting


def test_nothing_different_is_said_so() -> None:
    same = side(called(1, 1))
    assert made(same, same).changes_nothing
    assert headline(made(same, same)) == "Nothing would have been different."
    assert "No alert came" in headline(made(side(), side(), alerts=0))
    swapped = made(side(called(1, 1)), side(called(1, 2)))
    assert "not for the same alerts" in headline(swapped)


def test_unpaged_counts_what_called_somebody_and_would_not() -> None:
    found = made(side(a1="critical", a2="error", a3="info"), side(a2="error"))
    assert dict(found.unpaged) == {"critical": 1, "info": 1}
    assert unpaged_at_least(found, Severity.CRITICAL) == 1
    assert unpaged_at_least(found, Severity.INFO) == 2


def test_a_report_comes_back_from_storage() -> None:
    found = made(side(called(1, 1), a1="error"), side(called(2, 1)))
    assert report_from_json(to_json(found)) == found


def test_pictures_are_drawn_of_it() -> None:
    found = made(side(called(1, 1), called(1, 2)), side(called(2, 3)))
    first = contexts.bars(found)[0]
    assert (first.as_is, first.proposed) == (100.0, 0.0)
    assert "as proposed" in contexts.chart(found).summary
    assert len(contexts.limits()) >= 10


def test_what_a_change_moves_is_said_in_a_line() -> None:
    def said(pages: int, nights: int, *, nothing: bool = False) -> str:
        return Moved(pages=pages, nights=nights, changes_nothing=nothing).words

    assert said(-4, -2) == "4 pages fewer, 2 fewer at night"
    assert said(1, 0) == "1 page more"
    assert said(0, 1) == "As many pages, 1 more at night"
    assert said(0, 0) == "As many pages, for other alerts or people"
    assert said(0, 0, nothing=True) == "Nothing would be different"
