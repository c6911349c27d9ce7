"""Six weeks of absences as rows of bars, in shares of the whole width, ready to be drawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.wall_clock import instant, reading

WEEKS = 6
WIDE = 14


class Stretch(Struct, frozen=True, kw_only=True):
    """What is drawn: time of one person, in words."""

    user_id: int
    words: str
    starts_at: datetime
    ends_at: datetime


class Bar(Struct, frozen=True):
    """`left` and `width` are percents; the label is empty where it would not fit."""

    left: float
    width: float
    words: str
    starts_at: datetime
    ends_at: datetime

    @property
    def label(self) -> str:
        return self.words if self.width >= WIDE else ""


class Row(Struct, frozen=True):
    user_id: int
    name: str
    bars: tuple[Bar, ...]


class Mark(Struct, frozen=True):
    """Where a week begins."""

    left: float
    label: str


class Picture(Struct, frozen=True):
    weeks: tuple[Mark, ...]
    rows: tuple[Row, ...]
    now: float


def draw(
    stretches: Sequence[Stretch], names: Mapping[int, str], *, zone: ZoneInfo, now: datetime
) -> Picture:
    """From this Monday on, on the wall of the reader's zone; one row for each of the people."""
    today = reading(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    walls = [monday + timedelta(weeks=number) for number in range(WEEKS + 1)]
    edges = [instant(wall, zone) for wall in walls]
    starts_at, ends_at = edges[0], edges[-1]

    def percent(at: datetime) -> float:
        return round((at - starts_at) / (ends_at - starts_at) * 100, 3)

    def bars(mine: Iterable[Stretch]) -> Iterable[Bar]:
        for one in mine:
            low, high = max(one.starts_at, starts_at), min(one.ends_at, ends_at)
            if low < high:
                width = round(percent(high) - percent(low), 3)
                yield Bar(percent(low), width, one.words, one.starts_at, one.ends_at)

    return Picture(
        weeks=tuple(
            Mark(percent(edge), f"{wall.day} {wall:%b}")
            for wall, edge in zip(walls[:-1], edges[:-1], strict=True)
        ),
        rows=tuple(
            Row(user_id, name, tuple(bars(one for one in stretches if one.user_id == user_id)))
            for user_id, name in names.items()
        ),
        now=percent(now),
    )
