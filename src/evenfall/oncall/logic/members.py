"""A new line of members from a day on, without a change to what was before."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from evenfall.oncall.logic.spec import MemberSlot


def follow(
    slots: Sequence[MemberSlot], user_ids: Sequence[int | None], from_day: date
) -> tuple[MemberSlot, ...]:
    """The slots with `user_ids`, in this order, in force from the day on.

    Somebody who stays in order keeps the place, so that the turns go on where they were. When the
    order of those who stay changes, all old places end and the new line begins with its first.
    """
    kept = tuple(slot for slot in slots if slot.joins_on is None or slot.joins_on < from_day)
    staying = [slot for slot in kept if slot.leaves_on is None or from_day < slot.leaves_on]
    wanted = list(user_ids)
    if [slot.user_id for slot in staying if slot.user_id in wanted] != [
        user_id for user_id in wanted if user_id in {slot.user_id for slot in staying}
    ]:
        fresh = tuple(MemberSlot(user_id=user_id, joins_on=from_day) for user_id in wanted)
        return (*(_ended(slot, from_day) for slot in kept), *fresh)
    return _woven(kept, wanted, from_day)


def _woven(
    kept: Sequence[MemberSlot], wanted: list[int | None], from_day: date
) -> tuple[MemberSlot, ...]:
    """Both lines as one: those who stay in their places, joiners where they are wanted."""
    line: list[MemberSlot] = []
    for slot in kept:
        is_here = slot.leaves_on is None or from_day < slot.leaves_on
        if not (is_here and slot.user_id in wanted):
            line.append(_ended(slot, from_day))
            continue
        place = wanted.index(slot.user_id)
        line += [MemberSlot(user_id=user_id, joins_on=from_day) for user_id in wanted[:place]]
        line.append(replace(slot, leaves_on=None))
        wanted = wanted[place + 1 :]
    return (*line, *(MemberSlot(user_id=user_id, joins_on=from_day) for user_id in wanted))


def _ended(slot: MemberSlot, from_day: date) -> MemberSlot:
    over = slot.leaves_on is not None and slot.leaves_on <= from_day
    return slot if over else replace(slot, leaves_on=from_day)
