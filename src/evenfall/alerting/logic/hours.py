"""Wall-clock questions that rules may ask."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_HOUR = 9
_LAST_HOUR = 16
_WORKING_DAYS = 5


class UnknownZoneError(ValueError):
    """No time zone has this name."""


@lru_cache(maxsize=600)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone, e.g. of ``Europe/Berlin``; raises UnknownZoneError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UnknownZoneError(name) from None


def hour(at: datetime, zone: str) -> int:
    """Return the hour on the wall, 0 to 23."""
    return at.astimezone(zone_named(zone)).hour


def weekday(at: datetime, zone: str) -> str:
    """Return ``mon`` to ``sun``."""
    return WEEKDAYS[at.astimezone(zone_named(zone)).weekday()]


def working_hours(at: datetime, zone: str) -> bool:
    """Monday to Friday, from 09:00 until before 17:00 on the wall."""
    local = at.astimezone(zone_named(zone))
    return local.weekday() < _WORKING_DAYS and _FIRST_HOUR <= local.hour <= _LAST_HOUR
