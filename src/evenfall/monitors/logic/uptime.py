"""How much of the time it was good: sums of looks, and a bar for each day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import floor

from msgspec import Struct

from evenfall.platform.wall_clock import MONTHS

WINDOWS = (1, 7, 30, 90)
"""The lengths that uptimes are told for, in days."""
_HALF = 0.5


class Sum(Struct, frozen=True):
    """Looks by their result."""

    good: int = 0
    bad: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        return self.good + self.bad

    @property
    def percent(self) -> float | None:
        """Good ones among the known, never rounded up; None where nothing is known."""
        return floor(self.good / self.known * 10_000) / 100 if self.known else None

    @property
    def said(self) -> str:
        """The percentage in words, such as "99.5 %"; "unknown" where nothing is known."""
        return "unknown" if self.percent is None else f"{self.percent:g} %"

    @property
    def unknown_percent(self) -> float:
        """Those nobody could take, among all; 100 where nobody looked."""
        every = self.known + self.unknown
        return round(self.unknown / every * 100, 2) if every else 100.0

    @property
    def word(self) -> str:
        """One of good, partly, bad and unknown; unknown when most of it is."""
        if self.unknown > self.known or not self.known:
            return "partly" if self.bad else "unknown"
        if not self.bad:
            return "good"
        return "bad" if self.bad >= self.known * _HALF else "partly"


class Bar(Struct, frozen=True):
    """One day of UTC."""

    day: date
    sum: Sum

    @property
    def label(self) -> str:
        """The day in words, such as "5 Mar"."""
        return f"{self.day.day} {MONTHS[self.day.month - 1]}"


class Uptime(Struct, frozen=True, kw_only=True):
    """`sums` by the number of days of the window; `bars` oldest first."""

    sums: Mapping[int, Sum]
    bars: tuple[Bar, ...] = ()

    @property
    def month(self) -> Sum:
        return self.sums[30]


def added(sums: Iterable[Sum]) -> Sum:
    """All of them together."""
    good = bad = unknown = 0
    for one in sums:
        good, bad, unknown = good + one.good, bad + one.bad, unknown + one.unknown
    return Sum(good, bad, unknown)


def uptime(last_day: Sum, days: Mapping[date, Sum], *, today: date, bars: int) -> Uptime:
    """The windows and the newest `bars` days; `last_day` are the last 24 hours.

    Longer windows are whole days of UTC, today included.
    """
    sums = {1: last_day}
    for window in WINDOWS[1:]:
        first = today - timedelta(days=window - 1)
        sums[window] = added(one for day, one in days.items() if day >= first)
    shown = [today - timedelta(days=back) for back in range(bars - 1, -1, -1)]
    return Uptime(sums=sums, bars=tuple(Bar(day, days.get(day, Sum())) for day in shown))
