from datetime import UTC, datetime

import pytest

from evenfall.triage.logic.clocks import Kind, Mark
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import (
    Event,
    State,
    What,
    happened,
    may,
    state_before_pause,
    waits_for,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)


def events(*kinds: What) -> list[Event]:
    first = Event(what=What.REPORTED, at=AT, priority=Priority.P3)
    return [first, *(Event(what=what, at=AT) for what in kinds)]


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        (Kind.FIRST_RESPONSE, "start stop pause resume stop stop"),
        (Kind.DECISION, "start pause resume stop stop"),
        (Kind.NEXT_CONTACT, "start stop start pause resume cancel"),
        (Kind.RESOLUTION, "start pause resume stop"),
    ],
)
def test_what_happens_to_the_clocks(kind: Kind, marks: str) -> None:
    story = events(What.ASKED, What.RESUMED, What.ACCEPTED, What.PULLED, What.DONE)
    found = happened(kind, story)
    assert [one.mark.value for one in found] == marks.split()
    assert {one.priority for one in found} == {Priority.P3}


def test_what_is_declined_is_decided_and_never_resolved() -> None:
    story = events(What.DECLINED)
    assert happened(Kind.DECISION, story)[-1].mark is Mark.STOP
    assert happened(Kind.RESOLUTION, story)[-1].mark is Mark.CANCEL
    changed = [*story, Event(what=What.PRIORITISED, at=AT, priority=Priority.P1)]
    assert happened(Kind.RESOLUTION, changed)[-1].priority is Priority.P1


@pytest.mark.parametrize("state", list(State))
def test_only_what_waits_goes_on_and_what_ended_stays(state: State) -> None:
    assert may(What.RESUMED, state) is (state is State.WAITING)
    if state in {State.DONE, State.DECLINED}:
        assert {what for what in What if may(what, state)} == {What.COMMENTED}


def test_what_waited_goes_back_to_where_it_was() -> None:
    assert state_before_pause(events(What.PAUSED)) is State.NEW
    pulled = events(What.ACCEPTED, What.PAUSED, What.RESUMED, What.PULLED, What.ASKED)
    assert state_before_pause(pulled) is State.ACTIVE


def test_the_reason_of_the_last_pause_is_what_is_waited_for() -> None:
    def paused(reason: str) -> Event:
        return Event(what=What.PAUSED, at=AT, reason=reason)

    assert waits_for([]) == ""
    assert waits_for([paused("vendor"), paused("reporter")]) == "reporter"
