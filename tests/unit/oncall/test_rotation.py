from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.oncall_specs import layer_spec, slots, window
from tests.unit.oncall.strategies import layers, zones

from evenfall.oncall.logic import rotation, shifts
from evenfall.oncall.logic.rotation import Turn
from evenfall.oncall.logic.spec import LayerSpec, MemberSlot


def _first_turns(layer: LayerSpec, count: int) -> list[int | None]:
    eras = rotation.eras(layer)
    return [rotation.turn_of(eras, number).user_id for number in range(count)]


def test_members_take_turns_in_order() -> None:
    assert _first_turns(layer_spec(1, 2, 3), 5) == [1, 2, 3, 1, 2]


def test_an_empty_place_takes_its_turn() -> None:
    assert _first_turns(layer_spec(1, None, 3), 4) == [1, None, 3, 1]


def test_a_layer_without_members_has_turns_of_nobody() -> None:
    assert _first_turns(layer_spec(), 2) == [None, None]


def test_a_joiner_gets_the_turn_at_their_place_and_the_others_go_on() -> None:
    joiner = MemberSlot(user_id=9, joins_on=date(2027, 1, 18))
    layer = layer_spec(members=(*slots(1), joiner, *slots(2, 3)))
    # three shifts have begun before the 18th at 09:00: the third is the first for the joiner's era
    assert _first_turns(layer, 7) == [1, 2, 3, 1, 9, 2, 3]


def test_a_leaver_is_skipped_and_nobody_has_two_turns_in_a_row() -> None:
    leaver = MemberSlot(user_id=2, leaves_on=date(2027, 1, 11))
    layer = layer_spec(members=(*slots(1), leaver, *slots(3)))
    assert _first_turns(layer, 5) == [1, 3, 1, 3, 1]


def test_an_order_that_replaces_another_starts_with_its_first() -> None:
    day = date(2027, 1, 18)
    old = tuple(MemberSlot(user_id=person, leaves_on=day) for person in (1, 2, 3))
    new = tuple(MemberSlot(user_id=person, joins_on=day) for person in (3, 2, 1))
    assert _first_turns(layer_spec(members=old + new), 6) == [1, 2, 3, 2, 1, 3]


def test_weekends_that_are_not_worked_use_up_no_turns() -> None:
    workdays = (window("Mon 09:00", "Sat 09:00"),)
    layer = layer_spec(1, 2, 3, hours=(24,), windows=workdays)
    eras, turns = rotation.eras(layer), shifts.turns(layer.pattern, workdays)
    mondays = [rotation.turn_of(eras, turns.before(7 * week)).user_id for week in range(4)]
    assert mondays == [1, 3, 2, 1]


def test_others_walk_both_ways_and_name_everybody_once() -> None:
    turn = Turn(people=(1, 2, None, 3, 2), place=0)
    assert turn.others(1) == (2, 3)
    assert turn.others(-1) == (2, 3)
    assert Turn(people=(1, 2, 3), place=1).others(-1) == (1, 3)
    assert Turn(people=(), place=0).others(1) == ()


@settings(max_examples=100)
@given(zones().flatmap(lambda zone: layers(zone, date(2027, 3, 20))))
def test_eras_give_what_walking_from_the_first_shift_gives(layer: LayerSpec) -> None:
    assert _first_turns(layer, 40) == _walk(layer, 40)


@settings(max_examples=100)
@given(zones().flatmap(lambda zone: layers(zone, date(2027, 3, 20))), st.integers(0, 60))
def test_a_future_member_changes_no_turn_that_has_begun(layer: LayerSpec, days: int) -> None:
    day = layer.pattern.starts_at.date() + timedelta(days=days)
    joiner = MemberSlot(user_id=99, joins_on=day)
    changed = layer_spec(
        starts_at=layer.pattern.starts_at.isoformat(),
        hours=layer.pattern.hours,
        windows=layer.windows,
        members=(joiner, *layer.members),
    )
    first_number = shifts.first_shift_from(layer.pattern, datetime.combine(day, time.min))
    begun = shifts.turns(layer.pattern, layer.windows).before(first_number)
    assert _first_turns(changed, begun) == _first_turns(layer, begun)


def _walk(layer: LayerSpec, count: int) -> list[int | None]:
    """Turn by turn: the next active place after the last one that had a turn."""
    turns: list[int | None] = []
    last, number = -1, 0
    while len(turns) < count:
        start, end = (shifts.shift_start(layer.pattern, number + i) for i in (0, 1))
        number += 1
        if not shifts.worked_parts(layer.windows, start, end):
            continue
        active = [
            place
            for place, slot in enumerate(layer.members)
            if (slot.joins_on or date.min) <= start.date() < (slot.leaves_on or date.max)
        ]
        last = next((place for place in active if place > last), active[0] if active else last)
        turns.append(layer.members[last].user_id if active else None)
    return turns
