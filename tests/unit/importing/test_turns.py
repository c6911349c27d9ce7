"""Rotations of other tools in our words: whose turn it is stays the same."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.importing.logic import turns
from evenfall.importing.logic.seats import seats
from evenfall.oncall.logic import rotation, shifts
from evenfall.oncall.ports import LayerSpec, MemberSlot, ShiftPattern, WeeklyWindow

UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime.fromisoformat("2026-01-05T09:00")
OFFICE = tuple(turns.window(day, 9 * 60, 8 * 60) for day in range(5))


def slots(*keys: int | None) -> tuple[MemberSlot, ...]:
    return tuple(MemberSlot(user_id=key) for key in keys)


def layer(*keys: int, hours: int = 168, windows: tuple[WeeklyWindow, ...] = ()) -> LayerSpec:
    pattern = ShiftPattern(starts_at=MONDAY, hours=(hours,))
    return LayerSpec(
        name="Main", zone=UTC_ZONE, pattern=pattern, members=slots(*keys), windows=windows
    )


def worker(made: LayerSpec, number: int) -> int | None:
    """Who works the shift with this number by our own count of turns."""
    counted = shifts.turns(made.pattern, made.windows)
    return rotation.turn_of(rotation.eras(made), counted.before(number)).user_id


def test_a_line_without_windows_stays() -> None:
    assert turns.by_calendar(layer(1, 2).pattern, (), slots(1, 2)) == slots(1, 2)


def test_a_line_that_repeats_too_rarely_is_given_up() -> None:
    members = slots(*range(1, 102))
    pattern = ShiftPattern(starts_at=MONDAY, hours=(24,))
    assert turns.by_calendar(pattern, OFFICE, members) is None
    assert turns.by_calendar(pattern, OFFICE, slots(*range(1, 2000))) is None


@given(
    st.sampled_from([1, 5, 8, 12, 24, 48, 72, 168]),
    st.integers(1, 5),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
def test_the_turn_of_every_worked_shift_is_that_of_the_calendar(
    hours: int, count: int, days: set[int], minute: int, length: int
) -> None:
    windows = tuple(turns.window(day, minute, length) for day in sorted(days))
    made = layer(*range(1, count + 1), hours=hours, windows=windows)
    line = turns.by_calendar(made.pattern, windows, made.members)
    if line is None:
        return
    ours = LayerSpec(name="x", zone=UTC_ZONE, pattern=made.pattern, members=line, windows=windows)
    for number in range(400):
        wall = MONDAY + timedelta(hours=hours * number)
        if shifts.worked_parts(windows, wall, wall + timedelta(hours=hours)):
            assert worker(ours, number) == number % count + 1


def test_a_later_start_keeps_whose_turn_it_is() -> None:
    later = turns.starting(layer(1, 2, 3), MONDAY + timedelta(weeks=4, days=1))
    assert later.pattern.starts_at == MONDAY + timedelta(weeks=5)
    assert later.members == slots(3, 1, 2)
    assert turns.starting(layer(1, 2), MONDAY - timedelta(days=1)) == layer(1, 2)


@pytest.mark.parametrize(("wall", "day"), [("2026-03-02 00:00", 2), ("2026-03-02 09:00", 3)])
def test_an_end_keeps_the_shifts_that_began_before(wall: str, day: int) -> None:
    ended = turns.ending(layer(1), datetime.fromisoformat(wall))
    assert [slot.leaves_on for slot in ended.members] == [date(2026, 3, day)]


def test_an_end_before_the_start_leaves_one_day() -> None:
    ended = turns.ending(layer(1), MONDAY - timedelta(days=9))
    assert ended.members[0].leaves_on == (MONDAY + timedelta(days=1)).date()


def test_windows_of_a_whole_day_are_always() -> None:
    assert turns.daily(0, turns.DAY) == ()
    assert len(turns.daily(0, 60)) == 7


def test_layers_that_share_hours_become_several_rotas() -> None:
    one, two = layer(1), layer(2)
    assert seats([(0, one), (0, two)]) == [(one,), (two,)]
    assert seats([]) == []


def test_layers_at_other_hours_share_a_rota() -> None:
    week = layer(1, windows=OFFICE)
    weekend = layer(2, windows=(turns.window(5, 0, 2 * turns.DAY),))
    assert seats([(0, week), (0, weekend)]) == [(week, weekend)]


def test_a_layer_that_wins_stands_in_every_rota() -> None:
    one, two, above = layer(1), layer(2), layer(3, windows=OFFICE)
    assert seats([(5, above), (0, one), (0, two)]) == [(one, above), (two, above)]
