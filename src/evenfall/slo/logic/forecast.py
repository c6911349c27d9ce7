"""How much traffic a calendar window will have had when it ends.

Each day still to come is taken to be like the mean of the last four same weekdays, the rest of
today by its share of the day. Without such days the traffic so far goes on as it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from evenfall.slo.logic.windows import Bounds

WEEKS: Final = 4
DAY: Final = timedelta(days=1)


def expected_total(
    so_far: float, days: Mapping[datetime, float], *, window: Bounds, at: datetime
) -> float:
    """The total of the whole window: what came up to `at`, and what is expected after it.

    `days` are totals of whole UTC days by when they begin; those not there are unknown.
    """
    if at >= window.until:
        return so_far
    mean = _mean_day(so_far, window, at)
    total, day = so_far, at.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < window.until:
        since, until = max(day, at), min(day + DAY, window.until)
        usual = _usual(days, day)
        total += ((until - since) / DAY) * (mean if usual is None else usual)
        day += DAY
    return total


def _usual(days: Mapping[datetime, float], day: datetime) -> float | None:
    """The mean of the last four same weekdays that are known before this day."""
    known = sorted((one for one in days if one < day and _same_weekday(one, day)), reverse=True)
    last = [days[one] for one in known[:WEEKS]]
    return sum(last) / len(last) if last else None


def _same_weekday(one: datetime, other: datetime) -> bool:
    return one.weekday() == other.weekday()


def _mean_day(so_far: float, window: Bounds, at: datetime) -> float:
    passed = (at - window.since) / DAY
    return so_far / passed if passed > 0 else 0.0
