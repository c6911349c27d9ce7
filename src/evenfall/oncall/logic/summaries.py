"""When summaries of a team's on-call are due."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from evenfall.platform.wall_clock import instant, reading

AT = time(8)
WEEK = 7


class Cadence(StrEnum):
    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


DAYS = {Cadence.DAILY: 1, Cadence.WEEKLY: WEEK}


def next_summary(cadence: Cadence, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The next morning at eight on the wall of the zone, for WEEKLY a Monday; None when off."""
    if cadence is Cadence.OFF:
        return None
    wall = reading(now, zone)
    days = -wall.weekday() % WEEK if cadence is Cadence.WEEKLY else 0
    day = wall.date() + timedelta(days=days)
    due = instant(datetime.combine(day, AT), zone)
    if due > now:
        return due
    return instant(datetime.combine(day + timedelta(days=DAYS[cadence]), AT), zone)


def cadence_of(chosen: Cadence | None, *, leads: bool) -> Cadence:
    """What somebody chose; else those who lead the team get it every week."""
    if chosen is not None:
        return chosen
    return Cadence.WEEKLY if leads else Cadence.OFF
