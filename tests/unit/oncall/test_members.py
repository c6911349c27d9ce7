from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.factories.oncall_specs import layer_spec, slots

from evenfall.oncall.logic import rotation
from evenfall.oncall.logic.members import follow
from evenfall.oncall.logic.spec import MemberSlot

DAY = date(2027, 1, 19)  # after the third shift has begun
lines = st.lists(st.none() | st.integers(1, 5), max_size=5)


def _turns(members: tuple[MemberSlot, ...], count: int = 8) -> list[int | None]:
    eras = rotation.eras(layer_spec(members=members))
    return [rotation.turn_of(eras, number).user_id for number in range(count)]


def test_a_joiner_and_a_leaver_leave_the_turns_of_the_others_as_they_were() -> None:
    line = follow(slots(1, 2, 3), [1, 9, 2], DAY)
    assert line == (
        MemberSlot(user_id=1),
        MemberSlot(user_id=9, joins_on=DAY),
        MemberSlot(user_id=2),
        MemberSlot(user_id=3, leaves_on=DAY),
    )
    assert _turns(line) == [1, 2, 3, 1, 9, 2, 1, 9]


def test_a_new_order_begins_with_its_first() -> None:
    assert _turns(follow(slots(1, 2, 3), [3, 2, 1], DAY)) == [1, 2, 3, 3, 2, 1, 3, 2]


def test_the_same_line_changes_nothing() -> None:
    assert follow(slots(1, None, 3), [1, None, 3], DAY) == slots(1, None, 3)


def test_what_was_announced_for_later_is_dropped() -> None:
    later = date(2027, 6, 1)
    old = (
        MemberSlot(user_id=1, leaves_on=later),
        MemberSlot(user_id=2, joins_on=later),
        MemberSlot(user_id=3, leaves_on=date(2027, 1, 10)),
    )
    assert follow(old, [1, 4], DAY) == (
        MemberSlot(user_id=1),
        MemberSlot(user_id=3, leaves_on=date(2027, 1, 10)),
        MemberSlot(user_id=4, joins_on=DAY),
    )


@given(lines, lines, lines)
def test_the_past_stays_and_the_new_line_is_in_force(
    first: list[int | None], second: list[int | None], third: list[int | None]
) -> None:
    before = follow(slots(*first), second, date(2027, 1, 12))
    after = follow(before, third, DAY)
    assert _turns(after, 3) == _turns(before, 3)
    assert [slot.user_id for slot in after if _is_active(slot)] == third


def _is_active(slot: MemberSlot) -> bool:
    return (slot.joins_on or date.min) <= DAY < (slot.leaves_on or date.max)
