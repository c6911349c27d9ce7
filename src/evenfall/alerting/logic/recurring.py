"""Maintenance that comes back: RFC 5545 rules on the wall clock of a zone.

Occurrences are laid out on the wall and turned into instants at the very end: 01:00 stays 01:00
when the clocks change. A start that the wall skips moves to the first moment that exists, one that
it shows twice is the first of the two; the end is on the wall too, so that a window from 01:00 to
04:00 lasts two, three or four hours, as the night does.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from msgspec import Struct

from evenfall.platform.wall_clock import instant, reading

LONGEST: Final = timedelta(days=7)
SHORTEST: Final = timedelta(minutes=1)
MOST_EXCEPTIONS: Final = 400
MOST_RULE: Final = 300
# Whatever a rule says, it is looked through for so long only: one that gives nothing ends too.
HORIZON: Final = timedelta(days=400)
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_NUMBER: Final = re.compile(r"[1-9]\d{0,3}")
_DAYS: Final = re.compile(
    r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*"
)
_WEEKLY: Final = re.compile(
    r"FREQ=WEEKLY(?:;INTERVAL=([1-9]|[1-4]\d|5[0-2]))?;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)"
    r"(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)"
)
_INTEGERS: Final = re.compile(r"-?\d{1,3}(,-?\d{1,3}){0,40}")
_UNTIL: Final = re.compile(r"\d{8}(T\d{6}Z?)?")
_PARTS: Final = {
    "INTERVAL": _NUMBER,
    "COUNT": _NUMBER,
    "UNTIL": _UNTIL,
    "BYDAY": _DAYS,
    "BYMONTHDAY": _INTEGERS,
    "BYMONTH": _INTEGERS,
    "BYSETPOS": _INTEGERS,
    "WKST": re.compile("|".join(WEEKDAYS)),
}


class RuleError(ValueError):
    """The message says which part of a rule is wrong and how to write it."""


class Recurrence(Struct, frozen=True, kw_only=True):
    """When something comes back. `first` is the first start on the wall of the zone, naive.

    `rule` is an RRULE without its start; `length` is on the wall; `exceptions` are dates on the
    wall on which it does not begin. `last` is the last date on which it may begin.
    """

    rule: str
    first: datetime
    length: timedelta
    zone: ZoneInfo
    exceptions: frozenset[date] = frozenset()
    last: date | None = None


class Occurrence(Struct, frozen=True, order=True):
    """One time, aware UTC; `day` is its date on the wall, by which it is known."""

    starts_at: datetime
    ends_at: datetime
    day: date


def weekly_parts(rule: str) -> tuple[tuple[str, ...], int] | None:
    """The weekdays and the number of weeks of a rule that `weekly` wrote; None for another one."""
    found = _WEEKLY.fullmatch(rule)
    return (tuple(found[2].split(",")), int(found[1] or 1)) if found else None


def rule_words(rule: str) -> str:
    """How often it comes back, as people say it; the rule itself where it is not a weekly one."""
    parts = weekly_parts(rule)
    if parts is None:
        return rule
    days = [DAY_NAMES[WEEKDAYS.index(day)] for day in parts[0]]
    named = " and ".join([", ".join(days[:-1]), days[-1]] if len(days) > 1 else days)
    return f"every {named}" if parts[1] == 1 else f"every {parts[1]} weeks on {named}"


def weekly(days: Iterable[str], *, every: int = 1) -> str:
    """The rule for these weekdays (MO to SU), each week or every so many weeks."""
    chosen = set(days)
    named = ",".join(day for day in WEEKDAYS if day in chosen)
    interval = f";INTERVAL={every}" if every > 1 else ""
    return f"FREQ=WEEKLY{interval};BYDAY={named}"


def checked(rule: str) -> str:
    """Return the rule as it is kept; raises RuleError.

    Only what a maintenance window can be is taken, so that no rule gives a window each second or
    keeps a processor busy for ever.
    """
    text = rule.strip().upper().removeprefix("RRULE:").rstrip(";")
    if not text or len(text) > MOST_RULE:
        raise RuleError(
            f"Write a rule such as FREQ=WEEKLY;BYDAY=SU, of at most {MOST_RULE} letters."
        )
    parts = dict(_part(part) for part in text.split(";"))
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleError("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY.")
    for name, value in parts.items():
        if name != "FREQ" and (name not in _PARTS or not _PARTS[name].fullmatch(value)):
            known = ", ".join(("FREQ", *_PARTS))
            raise RuleError(f"{name}={value} cannot be read. Known parts: {known}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleError("COUNT and UNTIL exclude each other: write one of them.")
    normal = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rrulestr(_local_until(normal), dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - the wall
    except ValueError as error:
        raise RuleError(f"The rule cannot be used: {error}.") from None
    return normal


def _part(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()


def _local_until(rule: str) -> str:
    """UNTIL is meant on the wall, as everything else: dateutil wants no Z then."""
    return re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", rule)


def occurrences(given: Recurrence, *, since: datetime) -> Iterator[Occurrence]:
    """Those that end after `since` (aware), the earliest first, over the next 400 days at most."""
    here = reading(since, given.zone)
    until = max(here, given.first) + HORIZON
    for wall in _walls(given, here - given.length - timedelta(days=1), until):
        if given.last is not None and wall.date() > given.last:
            return
        if wall.date() in given.exceptions:
            continue
        one = Occurrence(
            instant(wall, given.zone), instant(wall + given.length, given.zone), wall.date()
        )
        if one.ends_at > since and one.ends_at > one.starts_at:
            yield one


def _walls(given: Recurrence, after: datetime, until: datetime) -> Iterable[datetime]:
    made = rrulestr(_local_until(given.rule), dtstart=given.first)
    assert isinstance(made, rrule)  # noqa: S101 - one rule gives one
    found: list[datetime] = made.between(after, until, inc=True)
    return found


def following(given: Recurrence, *, since: datetime, count: int) -> list[Occurrence]:
    """The next few, the one that goes on included."""
    return list(islice(occurrences(given, since=since), count))
