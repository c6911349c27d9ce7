"""What becomes of a release on a train, and the calendar of departures."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.releases.logic.boarding import MARKS, STAYED, Fate, Seat, closed_whys, fate
from evenfall.releases.logic.facts import FreezeFact
from evenfall.releases.logic.states import RUNNING, WAITING, State
from evenfall.releases.logic.timetable import WEEKS, Departure, in_the_way, timetable
from evenfall.releases.logic.windows import Hours, Window

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def seat(state: State, *closed: str, reason: str = "", was_asked: bool = True) -> Seat:
    return Seat(state=state, reason=reason, closed=closed, was_asked=was_asked)


@pytest.mark.parametrize(
    ("what", "before", "after", "why"),
    [
        (seat(State.APPROVED), Fate.READY, Fate.LEFT_BEHIND, "nobody began"),
        (seat(State.GATED, "No budget."), Fate.HELD, Fate.LEFT_BEHIND, "No budget."),
        (seat(State.PLANNED, was_asked=False), Fate.HELD, Fate.LEFT_BEHIND, "not asked"),
        (seat(State.DEPLOYING), Fate.LEAVING, Fate.LEAVING, ""),
        (seat(State.DEPLOYED), Fate.GONE, Fate.GONE, ""),
        (seat(State.PROVEN), Fate.GONE, Fate.GONE, ""),
        (seat(State.FAILED), Fate.CAME_BACK, Fate.CAME_BACK, "It failed."),
        (seat(State.ROLLED_BACK, reason="5xx"), Fate.CAME_BACK, Fate.CAME_BACK, "5xx"),
        (seat(State.CANCELLED), Fate.TAKEN_OFF, Fate.TAKEN_OFF, "took it off"),
        (None, Fate.HELD, Fate.LEFT_BEHIND, "no stage"),
    ],
)
def test_the_fate_of_a_release_changes_with_the_departure(
    what: Seat | None, before: Fate, after: Fate, why: str
) -> None:
    assert fate(what, departs_at=NOW + HOUR, now=NOW)[0] is before
    assert fate(what, departs_at=None, now=NOW)[0] is before
    word, said = fate(what, departs_at=NOW, now=NOW)
    assert word is after
    assert why in said


@given(st.sampled_from(State), st.booleans(), st.booleans())
def test_whoever_did_not_go_says_why(state: State, is_closed: bool, is_over: bool) -> None:
    one = seat(state, *(["Shut."] if is_closed else []))
    word, why = fate(one, departs_at=NOW if is_over else NOW + HOUR, now=NOW)
    assert word in MARKS
    assert (word in STAYED) == (
        state not in RUNNING | {State.DEPLOYING} and (is_over or state not in WAITING)
    )
    assert bool(why) == (word in STAYED | {Fate.HELD})


def test_only_closed_gates_say_why() -> None:
    answers = [
        {"verdict": "pass", "exception": "", "why": "Open."},
        {"verdict": "fail", "exception": "Signed", "why": "Frozen."},
        {"verdict": "unknown", "exception": "", "why": "Nobody knows."},
    ]
    assert closed_whys(answers) == ("Nobody knows.",)


def freeze(starts_at: datetime, ends_at: datetime) -> FreezeFact:
    return FreezeFact(
        id=1, scope="the whole site", reason="Sale", starts_at=starts_at, ends_at=ends_at
    )


def test_four_weeks_begin_on_monday_in_the_zone_of_the_reader() -> None:
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    trains = [
        Departure(train_id=2, name="Late", at=late),
        Departure(train_id=1, name="Early", at=NOW),
        Departure(train_id=3, name="Far", at=NOW + timedelta(weeks=9)),
    ]
    # until midnight in Berlin: the day that begins then is free
    frozen = freeze(datetime(2026, 3, 9, 23, tzinfo=UTC), datetime(2026, 3, 10, 23, tzinfo=UTC))
    weeks = timetable(trains, [frozen], zone=BERLIN, now=NOW)
    assert [len(week) for week in weeks] == [7] * WEEKS
    cells = {cell.day: cell for week in weeks for cell in week}
    assert min(cells) == date(2026, 3, 2)
    assert cells[date(2026, 3, 3)].is_past
    assert cells[date(2026, 3, 4)].is_today
    assert [one.name for one in cells[date(2026, 3, 4)].departures] == ["Early"]
    assert [one.name for one in cells[date(2026, 3, 6)].departures] == ["Late"]
    assert [day for day, cell in cells.items() if cell.frozen] == [date(2026, 3, 10)]
    assert sum(len(cell.departures) for cell in cells.values()) == 2


def test_what_stands_in_the_way_of_a_departure_is_said() -> None:
    window = Window(name="Office", zone=BERLIN, hours=(Hours(3, 540, 600),))
    thursday = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
    assert in_the_way([window], [], at=thursday) == []
    assert in_the_way([], [], at=NOW) == []
    (closed,) = in_the_way([window], [], at=NOW)
    assert "opens Thu 2026-03-05 09:00" in closed
    never = Window(name="Never", zone=BERLIN, hours=())
    assert in_the_way([never], [], at=NOW) == ["Its deployment window is closed then."]
    frozen = freeze(NOW, NOW + HOUR)
    assert in_the_way([], [frozen], at=NOW) == ["A freeze is in force then: Sale"]
    assert in_the_way([], [frozen], at=NOW + HOUR) == []
