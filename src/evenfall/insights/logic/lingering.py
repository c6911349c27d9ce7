"""Alerts that stay open although nobody does anything about them, until somebody sweeps them up.

Their sender tells of a beginning and seldom of an end. A policy would end them; how long it waits
is read from how long people took where they did act.
"""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Final

from msgspec import Struct

QUIETS: Final = tuple(timedelta(days=days) for days in (1, 3, 7, 14))
LEAST: Final = 5
MARGIN: Final = 2
"""Twice the longest time after which somebody still acted."""
_FEW: Final = 0.1
_HALF: Final = 0.5
_HOUR: Final = 3600


class Lingering(Struct, frozen=True, kw_only=True):
    """Alerts of one problem that page nobody, of the time looked at.

    `by_source` ended as their tool said; `by_hand` by a person, `swept` of those many at once.
    `idle_s` are seconds from the last word of the tool to the end, or to now, of those that nobody
    acknowledged and no tool ended; `acted_s` seconds until the others were acknowledged.
    """

    alerts: int
    by_source: int
    by_hand: int
    swept: int
    idle_s: Sequence[int]
    acted_s: Sequence[int]


class Ending(Struct, frozen=True, kw_only=True):
    """End them after `quiet` without a word; `ended` would have been, `hours` open less."""

    quiet: timedelta
    ended: int
    hours: int
    why: str


def ending(one: Lingering) -> Ending | None:
    """Return the policy that would have ended most of them; None where it could harm."""
    if one.by_source > _FEW * one.alerts or len(one.acted_s) > _FEW * one.alerts:
        return None
    quiet = _quiet(one.acted_s)
    if quiet is None:
        return None
    long = [seconds for seconds in one.idle_s if seconds > quiet.total_seconds()]
    if len(long) < LEAST or len(long) < _HALF * one.alerts:
        return None
    spared = sum(seconds - quiet.total_seconds() for seconds in long)
    return Ending(
        quiet=quiet, ended=len(long), hours=round(spared / _HOUR), why=_why(one, len(long), quiet)
    )


def _quiet(acted_s: Sequence[int]) -> timedelta | None:
    needed = timedelta(seconds=MARGIN * max(acted_s, default=0))
    return next((quiet for quiet in QUIETS if quiet >= needed), None)


def _why(one: Lingering, count: int, quiet: timedelta) -> str:
    days = "a day" if quiet.days == 1 else f"{quiet.days} days"
    usual = median(one.idle_s) / _HOUR
    told = f"{one.by_source or 'none'} {'was' if one.by_source <= 1 else 'were'} ended by its tool"
    swept = f", {one.swept} of them in a sweep" if one.swept else ""
    return (
        f"{count} of {one.alerts} alerts stayed open for more than {days} without a word of their "
        f"tool, and nobody acknowledged them: {usual:.0f} hours at the median. Of all, {told} and "
        f"{one.by_hand or 'none'} by hand{swept}."
    )
