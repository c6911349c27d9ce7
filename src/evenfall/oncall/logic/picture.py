"""The coming weeks as rows of bars, in shares of the week's width, ready to be drawn.

A week is drawn from Monday 00:00 to Monday 00:00 on the wall of the rota's zone; in the weeks in
which the clocks change, one day is a little wider or narrower than the others.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from evenfall.oncall.logic import layers, schedule
from evenfall.oncall.logic.spec import Gap, Role, RotaSpec, Span
from evenfall.platform.wall_clock import WEEKDAYS, instant, reading

NOBODY = "Nobody"
WIDE, NARROW = 22, 5


class RowKind(StrEnum):
    LAYER = "layer"
    OVERRIDES = "overrides"
    FINAL = "final"
    LIEUTENANT = "lieutenant"
    SHADOW = "shadow"


BESIDE = {RowKind.LIEUTENANT: Role.LIEUTENANT, RowKind.SHADOW: Role.SHADOW}


class Bar(Struct, frozen=True):
    """`left` and `width` are percents of the week; without a user it shows a gap."""

    left: float
    width: float
    user_id: int | None
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str

    @property
    def label(self) -> str:
        """What fits into the bar on a phone: the name, its initials, or nothing."""
        if self.width >= WIDE or self.user_id is None:
            return self.name
        initials = "".join(word[0] for word in self.name.split()[:2])
        return initials if self.width >= NARROW else ""


class Row(Struct, frozen=True):
    kind: RowKind
    label: str
    bars: tuple[Bar, ...]


class Day(Struct, frozen=True):
    left: float
    label: str


class Week(Struct, frozen=True):
    """`now` is where the present instant stands in percent, None outside of this week."""

    starts_at: datetime
    ends_at: datetime
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    now: float | None


def weeks(
    spec: RotaSpec, names: Mapping[int, str], *, now: datetime, count: int = 4
) -> tuple[Week, ...]:
    """The running week and those after it; `names` are those of the people."""
    today = reading(now, spec.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    mondays = (monday + timedelta(weeks=number) for number in range(count))
    return tuple(_Easel(spec, names, start).week(now) for start in mondays)


class _Easel:
    """One week of one rota while it is being drawn."""

    def __init__(self, spec: RotaSpec, names: Mapping[int, str], monday: datetime) -> None:
        self.spec, self.names = spec, names
        self.walls = [monday + timedelta(days=day) for day in range(8)]
        self.midnights = [instant(wall, spec.zone) for wall in self.walls]
        self.starts_at, self.ends_at = self.midnights[0], self.midnights[-1]

    def week(self, now: datetime) -> Week:
        labels = [f"{WEEKDAYS[wall.weekday()]} {wall.day}" for wall in self.walls[:7]]
        lefts = [self.percent(midnight) for midnight in self.midnights[:7]]
        marker = self.percent(now) if self.starts_at <= now < self.ends_at else None
        days = tuple(map(Day, lefts, labels))
        return Week(self.starts_at, self.ends_at, days, tuple(self.rows()), marker)

    def rows(self) -> Iterator[Row]:
        """What comes of it first, then why: what was decided, and what was planned."""
        stretch = (self.spec, self.starts_at, self.ends_at)
        spans = schedule.final_schedule(*stretch)
        primary = [span for span in spans if span.role is Role.PRIMARY]
        final: list[Span | Gap] = [*primary, *schedule.gaps(*stretch)]
        final.sort(key=lambda span: span.starts_at)
        yield Row(RowKind.FINAL, "On call", self.bars(final))
        for kind, role in BESIDE.items():
            if beside := [span for span in spans if span.role is role]:
                yield Row(kind, role.value.capitalize(), self.bars(beside))
        decided, planned = tuple(self.overrides()), tuple(self.layers())
        if decided:
            yield Row(RowKind.OVERRIDES, "Overrides", decided)
        if decided or len(planned) > 1:
            yield from planned

    def overrides(self) -> Iterator[Bar]:
        for override in self.spec.overrides:
            if override.role is Role.PRIMARY:
                stretch = (override.starts_at, override.ends_at)
                yield from self.bar(*stretch, override.user_id, override.note)

    def layers(self) -> Iterator[Row]:
        """One row for each layer, the one that wins on top."""
        for plan, low, high in schedule.reigns(self.spec, self.starts_at, self.ends_at):
            for layer in reversed(plan.layers):
                tiles = [tile for tile in layers.paving(layer, low, high) if tile.turn]
                bars = [self.bar(*tile[:4]) for tile in tiles]
                yield Row(RowKind.LAYER, layer.name, tuple(bar for some in bars for bar in some))

    def bars(self, spans: Iterable[Span | Gap]) -> tuple[Bar, ...]:
        drawn = (
            self.bar(
                span.starts_at,
                span.ends_at,
                span.user_id if isinstance(span, Span) else None,
                span.why,
            )
            for span in spans
        )
        return tuple(bar for some in drawn for bar in some)

    def bar(
        self, starts_at: datetime, ends_at: datetime, user_id: int | None, why: str
    ) -> Iterator[Bar]:
        """The part inside of the week, if there is one."""
        low, high = max(starts_at, self.starts_at), min(ends_at, self.ends_at)
        if low < high:
            left = self.percent(low)
            width = round(self.percent(high) - left, 3)
            name = NOBODY if user_id is None else self.names.get(user_id, "?")
            yield Bar(left, width, user_id, name, low, high, why)

    def percent(self, at: datetime) -> float:
        return round((at - self.starts_at) / (self.ends_at - self.starts_at) * 100, 3)
