"""How much changed on each day, as the cells of a calendar: a column a week, a row a weekday."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

WEEKS: Final = 26
CELL: Final = 10
LEVELS: Final = 4
_DAYS: Final = 7


class Cell(Struct, frozen=True):
    """`x` and `y` are in units of the drawing; `level` is 0 for nothing to 4 for the most."""

    day: date
    count: int
    level: int
    x: int
    y: int


class Density(Struct, frozen=True):
    """`width` and `height` are in the units of the cells; `busiest` is None without any change."""

    cells: tuple[Cell, ...]
    width: int
    height: int
    total: int
    busiest: Cell | None


def first_day(today: date) -> date:
    """The Monday that the calendar begins with, for one that ends in the week of `today`."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS - 1)


def density(counts: Mapping[date, int], *, today: date) -> Density:
    """The calendar that ends today; the level is the share of the busiest day, rounded up."""
    begins = first_day(today)
    days = [begins + timedelta(days=n) for n in range((today - begins).days + 1)]
    most = max((counts.get(day, 0) for day in days), default=0)
    cells = tuple(_cell(day, begins, counts.get(day, 0), most) for day in days)
    busiest = max(cells, key=lambda cell: cell.count) if most else None
    return Density(
        cells=cells,
        width=WEEKS * CELL,
        height=_DAYS * CELL,
        total=sum(cell.count for cell in cells),
        busiest=busiest,
    )


def _cell(day: date, begins: date, count: int, most: int) -> Cell:
    week, weekday = divmod((day - begins).days, _DAYS)
    level = -(-count * LEVELS // most) if count else 0
    return Cell(day, count, level, week * CELL, weekday * CELL)
