"""Durations as OpenSLO writes them: a whole number and one letter, `M` a month and `m` a minute."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

_SHORTHAND: Final = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[mhdwMQY])")


class Unit(StrEnum):
    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    MONTH = "M"
    QUARTER = "Q"
    YEAR = "Y"


_EXACT: Final = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}
_ABOUT_DAYS: Final = {Unit.MONTH: 30, Unit.QUARTER: 90, Unit.YEAR: 365}


class Duration(Struct, frozen=True):
    count: int
    unit: Unit

    @property
    def text(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def is_exact(self) -> bool:
        """Months and longer have no length of their own."""
        return self.unit in _EXACT

    @property
    def length(self) -> timedelta:
        """The length; of months 30 days each, of quarters 90 and of years 365."""
        exact = _EXACT.get(self.unit)
        return self.count * (exact or timedelta(days=_ABOUT_DAYS.get(self.unit, 0)))

    @property
    def minutes(self) -> int:
        return int(self.length.total_seconds()) // 60


def parse(text: str) -> Duration | None:
    """Read such as `28d`; None for anything else."""
    found = _SHORTHAND.fullmatch(text.strip())
    return Duration(int(found["count"]), Unit(found["unit"])) if found else None


def from_minutes(minutes: int) -> Duration:
    """The shortest way to write so many minutes."""
    for unit in (Unit.WEEK, Unit.DAY, Unit.HOUR):
        size = int(_EXACT[unit].total_seconds()) // 60
        if minutes and minutes % size == 0:
            return Duration(minutes // size, unit)
    return Duration(minutes, Unit.MINUTE)
