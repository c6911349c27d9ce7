"""The shifts that people hold, so that a wish can be bound to a shift and not to clock times.

A shift is held for a reason: a turn of a layer, an override. All time one person has in one role
for the same reason is one shift, whatever weekly windows or other people's overrides cut out of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import Role, RotaSpec


class HeldShift(Struct, frozen=True):
    """From its first instant until just after its last (UTC); `turn` is the reason, its identity.

    The reason of a turn names the layer and the start of the shift on the wall.
    """

    user_id: int
    role: Role
    turn: str
    starts_at: datetime
    ends_at: datetime


def held(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> tuple[HeldShift, ...]:
    """The shifts that touch the stretch, each whole, by start."""
    margin = _longest(spec)
    whole: dict[tuple[int, Role, str], HeldShift] = {}
    for span in final_schedule(spec, starts_at - margin, ends_at + margin):
        key = (span.user_id, span.role, span.why)
        first = whole[key].starts_at if key in whole else span.starts_at
        whole[key] = HeldShift(*key, first, span.ends_at)
    touching = (
        one for one in whole.values() if one.starts_at < ends_at and starts_at < one.ends_at
    )
    return tuple(sorted(touching, key=lambda one: one.starts_at))


def shift_of(
    shifts: Sequence[HeldShift], *, user_id: int, role: Role, at: datetime
) -> HeldShift | None:
    """The shift of this person that runs at the instant; the one that begins then comes first."""
    mine = [
        one
        for one in shifts
        if (one.user_id, one.role) == (user_id, role) and one.starts_at <= at < one.ends_at
    ]
    return max(mine, key=lambda one: one.starts_at, default=None)


def found_again(wanted: HeldShift, shifts: Sequence[HeldShift]) -> HeldShift | None:
    """The same shift after the schedule changed; None when it is gone or somebody else's.

    First by its identity; else the shift of the same person in the same role that shares more than
    half of the shorter one's time: moved by an hour or two, or planned in another layer.
    """
    own = [one for one in shifts if (one.user_id, one.role) == (wanted.user_id, wanted.role)]
    same = next((one for one in own if one.turn == wanted.turn), None)
    nearest = max(own, key=lambda one: _shared(one, wanted), default=None)
    if same or nearest is None:
        return same
    shorter = min(_length(nearest), _length(wanted))
    return nearest if _shared(nearest, wanted) * 2 > shorter else None


def _shared(one: HeldShift, other: HeldShift) -> timedelta:
    shared = min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)
    return max(shared, timedelta())


def _length(shift: HeldShift) -> timedelta:
    return shift.ends_at - shift.starts_at


def _longest(spec: RotaSpec) -> timedelta:
    """No shift is longer; a day more, because the clocks may change within."""
    stacked = [layer for plan in spec.plans for layer in (*plan.layers, *plan.lieutenant.layers)]
    lengths = [timedelta(hours=max(layer.pattern.hours)) for layer in stacked]
    lengths += [one.ends_at - one.starts_at for one in spec.overrides]
    return max(lengths, default=timedelta()) + timedelta(days=1)
