"""Between the clock on the wall of a zone and UTC.

`instant` never runs backwards: of two wall times the later one never gives the earlier instant.
Shifts can therefore be laid out on the wall, as if daylight saving did not exist, and be turned
into instants at the very end without an overlap or a hole.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

YEARS = range(1970, 2200)
"""The years in which times are taken; zones are known or projected there and no sum overflows."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=16_384)
def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the wall shows the naive time `wall`.

    A time shown twice means the first time. A time that is skipped is shifted forward to the first
    moment that exists: with the clocks going from 02:00 to 03:00, 02:30 is 03:00.
    """
    offset = _offset(wall.replace(tzinfo=zone, fold=0))
    other = _offset(wall.replace(tzinfo=zone, fold=1))
    if other > offset:
        return _end_of_gap(wall - other, wall - offset, zone)
    return (wall - offset).replace(tzinfo=UTC)


def reading(at: datetime, zone: ZoneInfo) -> datetime:
    """The naive time that the wall shows at the instant `at`."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def spoken(wall: datetime) -> str:
    """The wall time as reasons show it: Mon 2026-01-05 09:00."""
    return f"{WEEKDAYS[wall.weekday()]} {wall.isoformat(' ', 'minutes')}"


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant in (before, after], both naive UTC, at which the zone changes its offset."""
    seconds = int((after - before).total_seconds())
    old = _offset(before.replace(tzinfo=UTC).astimezone(zone))
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        probe = (before + timedelta(seconds=middle)).replace(tzinfo=UTC)
        if _offset(probe.astimezone(zone)) == old:
            low = middle
        else:
            high = middle
    return (before + timedelta(seconds=high)).replace(tzinfo=UTC)


def _offset(aware: datetime) -> timedelta:
    offset = aware.utcoffset()
    assert offset is not None, "a time with a zone has an offset"  # noqa: S101 - narrows the type
    return offset
