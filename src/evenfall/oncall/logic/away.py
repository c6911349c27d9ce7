"""Being away: the kinds of it, and until when "I'm ill" lasts."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from evenfall.platform.wall_clock import instant, reading


class Kind(StrEnum):
    HOLIDAY = "holiday"
    SICK = "sick"
    TRAVEL = "travel"
    TRAINING = "training"
    TIME_OFF = "time_off"


def end_of_tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight, in the zone, after tomorrow."""
    day = reading(now, zone).date() + timedelta(days=2)
    return instant(datetime.combine(day, time.min), zone)


AWAY = "Away"
KIND_WORDS = {
    Kind.HOLIDAY: "Holiday",
    Kind.SICK: "Ill",
    Kind.TRAVEL: "Travelling",
    Kind.TRAINING: "Training",
    Kind.TIME_OFF: "Time off",
}
