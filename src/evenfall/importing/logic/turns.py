"""From rotations as other tools describe them to layers of ours.

Other tools give a turn to every stretch of a rotation, also to one that nobody works because of a
restriction; ours count worked shifts only. A line in which people stand several times says the
same in our words.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import lcm

from msgspec.structs import replace

from evenfall.oncall.ports import LayerSpec, MemberSlot, ShiftPattern, WeeklyWindow

DAY = 24 * 60
WEEK = 7 * DAY
MOST_HOURS = 8 * 7 * 24
MOST_PLACES = 240


def window(day: int, minute: int, length: int) -> WeeklyWindow:
    """From `minute` of the weekday (0 is Monday) for `length` minutes, less than a week."""
    starts = (day * DAY + minute) % WEEK
    return WeeklyWindow(starts=starts, ends=(starts + length) % WEEK)


def daily(minute: int, length: int) -> tuple[WeeklyWindow, ...]:
    """The same hours every day; () when that is always."""
    return () if length >= DAY else tuple(window(day, minute, length) for day in range(7))


def by_calendar(
    pattern: ShiftPattern, windows: Sequence[WeeklyWindow], members: Sequence[MemberSlot]
) -> tuple[MemberSlot, ...] | None:
    """The line that gives each worked shift to whose turn it is when unworked ones count too.

    The pattern has one length. None when the line would be longer than `MOST_PLACES`.
    """
    length = pattern.hours[0]
    period = lcm(length, 168) // length
    worked = [_is_worked(pattern, windows, number) for number in range(period)]
    if all(worked):
        return tuple(members)
    total = lcm(period, len(members))
    if total > period * MOST_PLACES:
        return None
    line = [members[n % len(members)] for n in range(total) if worked[n % period]]
    return tuple(line) if len(line) <= MOST_PLACES else None


def starting(layer: LayerSpec, wall: datetime) -> LayerSpec:
    """The layer, of one length of shift, from the hand-over at `wall` or the first after it."""
    length = timedelta(hours=layer.pattern.hours[0])
    passed = -((layer.pattern.starts_at - wall) // length)
    if passed <= 0:
        return layer
    turn = passed % len(layer.members)
    starts_at = layer.pattern.starts_at + passed * length
    return replace(
        layer,
        pattern=replace(layer.pattern, starts_at=starts_at),
        members=layer.members[turn:] + layer.members[:turn],
    )


def ending(layer: LayerSpec, wall: datetime) -> LayerSpec:
    """The layer without the shifts that would start on the day of `wall` or later."""
    day = wall.date() if wall.time() == wall.min.time() else wall.date() + timedelta(days=1)
    if day <= layer.pattern.starts_at.date():
        day = layer.pattern.starts_at.date() + timedelta(days=1)
    return replace(layer, members=tuple(replace(slot, leaves_on=day) for slot in layer.members))


def overlap(one: Sequence[WeeklyWindow], other: Sequence[WeeklyWindow]) -> bool:
    """Whether two sets of windows (none is always) share a minute of the week."""
    if not one or not other:
        return True
    return any(_touch(left, right) for left in one for right in other)


def _is_worked(pattern: ShiftPattern, windows: Sequence[WeeklyWindow], number: int) -> bool:
    length = pattern.hours[0]
    wall = pattern.starts_at + timedelta(hours=length * number)
    if not windows or length >= WEEK // 60:
        return True
    shift = window(wall.weekday(), wall.hour * 60 + wall.minute, length * 60)
    return any(_touch(shift, one) for one in windows)


def _touch(one: WeeklyWindow, other: WeeklyWindow) -> bool:
    """Each starts inside the other or not at all; a window of no length is a whole week."""
    return _inside(one.starts, other) or _inside(other.starts, one)


def _inside(minute: int, within: WeeklyWindow) -> bool:
    length = (within.ends - within.starts) % WEEK or WEEK
    return (minute - within.starts) % WEEK < length
