"""Times as people say them. All inputs are aware; output is in the zone given."""

from datetime import datetime, tzinfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NAMED_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_WEEK = 6


def relative(value: datetime, *, now: datetime) -> str:
    """Distance to now in one unit: "just now", "4 min ago", "in 2 h"; times.js says the same."""
    seconds = (value - now).total_seconds()
    size = abs(seconds)
    if size < _MINUTE:
        return "just now" if seconds <= 0 else "in a moment"
    return f"{_length(size)} ago" if seconds < 0 else f"in {_length(size)}"


def lasting(since: datetime, *, now: datetime) -> str:
    """How long it has been so, in one unit, after "for": "4 min"; times.js says the same."""
    seconds = (now - since).total_seconds()
    return "less than a minute" if seconds < _MINUTE else _length(seconds)


def _length(seconds: float) -> str:
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h"
    return f"{int(seconds // _DAY)} days"


def clock(value: datetime, zone: tzinfo) -> str:
    """Time of day in the zone: "09:00"."""
    return value.astimezone(zone).strftime("%H:%M")


def day(value: datetime, zone: tzinfo, *, now: datetime) -> str:
    """The calendar day in the zone: "today", "Mon 14 Sep", with the year when it is another."""
    local, today = value.astimezone(zone).date(), now.astimezone(zone).date()
    named = _NAMED_DAYS.get((local - today).days)
    if named is not None:
        return named
    words = f"{local:%a} {local.day} {local:%b}"
    return words if local.year == today.year else f"{words} {local.year}"


def moment(value: datetime, zone: tzinfo, *, now: datetime) -> str:
    """Day and time, as short as it stays clear: "today 09:00", "Mon 09:00", "14 Sep 09:00"."""
    local, today = value.astimezone(zone), now.astimezone(zone)
    ahead = (local.date() - today.date()).days
    named = _NAMED_DAYS.get(ahead)
    if named is not None:
        return f"{named} {local:%H:%M}"
    if abs(ahead) <= _WEEK and ahead > 0:
        return f"{local:%a %H:%M}"
    if local.year == today.year:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y %H:%M}"


def full(value: datetime, zone: tzinfo, other: tzinfo) -> str:
    """The moment without shortening, then the same in the other zone if its clock differs."""
    here, there = value.astimezone(zone), value.astimezone(other)
    words = f"{here:%a} {here.day} {here:%b %Y, %H:%M} {zone}"
    if here.utcoffset() == there.utcoffset():
        return words
    shift = f" {there:%a}" if there.date() != here.date() else ""
    return f"{words} ·{shift} {there:%H:%M} {other}"
