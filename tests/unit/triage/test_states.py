from datetime import UTC, datetime

import pytest

from evenfall.triage.logic.clocks import Kind, Mark
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import (
    MOVES,
    OPEN,
    Event,
    State,
    What,
    happened,
    may,
    state_before,
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
def test_only_what_waits_goes_on_and_what_ended_stays_or_is_opened_again(state: State) -> None:
    assert may(What.RESUMED, state) is (state in {State.WAITING, State.NEEDS_INFO})
    assert may(What.REOPENED, state) is (state not in OPEN)
    more = {State.RISK_ACCEPTED: {What.RETURNED}, State.PROMOTED: {What.INCIDENT_OVER}}
    if state not in OPEN:
        wanted = {What.COMMENTED, What.REOPENED} | more.get(state, set())
        assert {what for what in What if may(what, state)} == wanted


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_and_every_open_one_has_a_way_on(state: State) -> None:
    reached = {State.NEW, *(to for _, to in MOVES.values())}
    assert state in reached
    assert state not in OPEN or any(may(what, state) for what in MOVES)


@pytest.mark.parametrize("what", [What.DECLINED, What.DUPLICATE, What.RISK_TAKEN, What.PROMOTED])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_way_out_answers_and_decides_and_is_undone(what: What, kind: Kind) -> None:
    ends = {Kind.FIRST_RESPONSE: Mark.STOP, Kind.DECISION: Mark.STOP}
    assert happened(kind, events(what))[-1].mark is ends.get(kind, Mark.CANCEL)
    undone = happened(kind, events(what, What.REOPENED))[-1]
    if kind is not Kind.FIRST_RESPONSE:
        assert (undone.mark, undone.ended_at) == (Mark.REOPEN, AT)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_risk_that_comes_back_is_promised_anew(kind: Kind) -> None:
    found = happened(kind, events(What.RISK_TAKEN, What.RETURNED))
    assert (found[-1].mark is Mark.START) is (kind is not Kind.FIRST_RESPONSE)


def test_what_is_fixed_waits_until_somebody_saw_it() -> None:
    found = happened(Kind.RESOLUTION, events(What.FIXED, What.NOT_FIXED, What.DONE))
    assert [one.mark.value for one in found] == ["start", "pause", "resume", "stop"]


def test_what_waited_goes_back_to_where_it_was() -> None:
    assert state_before(events(What.PAUSED)) is State.NEW
    pulled = events(What.ACCEPTED, What.PAUSED, What.RESUMED, What.PULLED, What.ASKED)
    assert state_before(pulled) is State.ACTIVE


def test_the_reason_of_the_last_pause_is_what_is_waited_for() -> None:
    def paused(reason: str) -> Event:
        return Event(what=What.PAUSED, at=AT, reason=reason)

    assert waits_for([]) == ""
    assert waits_for([paused("vendor"), paused("reporter")]) == "reporter"
