"""Departures on a calendar of four weeks, and what stands in the way of one."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.wall_clock import reading
from evenfall.releases.logic.facts import FreezeFact
from evenfall.releases.logic.windows import Window, is_open, next_open

WEEKS: Final = 4
_WEEK: Final = 7
_DAY: Final = timedelta(days=1)


class Departure(Struct, frozen=True, kw_only=True):
    train_id: int
    name: str
    at: datetime


class Cell(Struct, frozen=True, kw_only=True):
    """A day in the zone of the reader; `frozen` is the reason of a freeze that touches it."""

    day: date
    is_today: bool
    is_past: bool
    departures: tuple[Departure, ...]
    frozen: str


def timetable(
    departures: Iterable[Departure],
    freezes: Sequence[FreezeFact],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[list[Cell]]:
    """Weeks from Monday on, this one first."""
    today = reading(now, zone).date()
    monday = today - today.weekday() * _DAY
    by_day: dict[date, list[Departure]] = {}
    for one in sorted(departures, key=lambda one: (one.at, one.train_id)):
        by_day.setdefault(reading(one.at, zone).date(), []).append(one)
    days = [monday + place * _DAY for place in range(WEEKS * _WEEK)]
    cells = [
        Cell(
            day=day,
            is_today=day == today,
            is_past=day < today,
            departures=tuple(by_day.get(day, ())),
            frozen=_frozen(day, freezes, zone),
        )
        for day in days
    ]
    return [cells[place : place + _WEEK] for place in range(0, len(cells), _WEEK)]


def _frozen(day: date, freezes: Sequence[FreezeFact], zone: ZoneInfo) -> str:
    for one in freezes:
        first = reading(one.starts_at, zone).date()
        last = reading(one.ends_at - timedelta(microseconds=1), zone).date()
        if first <= day <= last:
            return one.reason
    return ""


def in_the_way(
    windows: Sequence[Window], freezes: Sequence[FreezeFact], *, at: datetime
) -> list[str]:
    """Why deploys of a service are closed at this departure, in words; nothing for open."""
    found = [
        f"A freeze is in force then: {one.reason}"
        for one in freezes
        if one.starts_at <= at < one.ends_at
    ]
    if windows and not any(is_open(one, at) for one in windows):
        opens = next_open(windows, (), at=at)
        after = f" and opens {opens[1].said(opens[0])}" if opens else ""
        found.append(f"Its deployment window is closed then{after}.")
    return found
