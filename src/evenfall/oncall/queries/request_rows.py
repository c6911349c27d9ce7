"""What the rows of requests say: the shifts they are about, and which part of them."""

from datetime import datetime

from evenfall.oncall.logic import requests
from evenfall.oncall.logic.held import HeldShift
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import ShiftRequest


def shift_of_row(row: ShiftRequest) -> HeldShift:
    """The shift as it was when last looked at."""
    times = (row.shift_starts_at, row.shift_ends_at)
    return HeldShift(row.asker_id, Role(row.role), row.turn, *times)


def part_of_row(row: ShiftRequest) -> tuple[datetime, datetime]:
    """What is asked for: the shift, or the named part of it; an old row may name none of it."""
    shift = shift_of_row(row)
    part = requests.wanted(shift, row.part_starts_at, row.part_ends_at)
    return part or (shift.starts_at, shift.ends_at)


def back_of_row(row: ShiftRequest) -> HeldShift | None:
    """The shift in return, which is that of the one person who is or was asked."""
    if row.back_starts_at is None or row.back_ends_at is None:
        return None
    user_id = row.taker_id or row.offers.values_list("user_id", flat=True)[0]
    times = (row.back_starts_at, row.back_ends_at)
    return HeldShift(user_id, Role(row.back_role), row.back_turn, *times)


def back_part_of_row(row: ShiftRequest) -> tuple[datetime, datetime] | None:
    """What is taken in return: that shift or the named part of it; None for a cover."""
    if row.back_starts_at is None or row.back_ends_at is None:
        return None
    # whose shift it is does not matter for its times
    times = (row.back_starts_at, row.back_ends_at)
    shift = HeldShift(row.asker_id, Role(row.back_role), row.back_turn, *times)
    return requests.wanted(shift, row.back_part_starts_at, row.back_part_ends_at) or times
