"""How often somebody deploys: by the days with a deploy, in a week and in a month."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from msgspec import Struct

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
_MOST_DAYS: Final = 3


class Pace(StrEnum):
    """The buckets of Google's fourkeys."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    RARELY = "less than monthly"


class Frequency(Struct, frozen=True, kw_only=True):
    """`n` deploys on `days` different days of the `of_days` that were looked at.

    `pace` is None while less than a week is known.
    """

    n: int
    days: int
    of_days: int
    pace: Pace | None

    @property
    def per_week(self) -> float:
        return self.n / self.of_days * 7


def frequency(days: Collection[date], *, n: int, first: date, last: date) -> Frequency | None:
    """How often there was a deploy from the first day to the last, both included.

    `days` are the different days that had one of the `n` deploys. Daily: in the middle week three
    days or more have one; weekly: one or more; monthly: one or more in the middle month of 30 days.
    Weeks and months are counted back from the last day, and only whole ones: a week of two days
    says nothing.
    """
    if not days:
        return None
    of_days = (last - first).days + 1
    return Frequency(n=n, days=len(days), of_days=of_days, pace=_pace(days, first, last))


def _pace(days: Collection[date], first: date, last: date) -> Pace | None:
    weeks, months = _counts(days, first, last, WEEK), _counts(days, first, last, MONTH)
    if not weeks:
        return None
    if median(weeks) >= _MOST_DAYS:
        return Pace.DAILY
    if median(weeks) >= 1:
        return Pace.WEEKLY
    # with less than a month known, one deploy in it is all that monthly asks for
    return Pace.MONTHLY if median(months or [len(days)]) >= 1 else Pace.RARELY


def _counts(days: Collection[date], first: date, last: date, length: timedelta) -> list[int]:
    """The days with a deploy in each whole stretch, counted back from the last day."""
    whole = ((last - first).days + 1) // length.days
    counts = [0] * whole
    for day in days:
        place = (last - day).days // length.days
        if 0 <= place < whole:
            counts[place] += 1
    return counts
