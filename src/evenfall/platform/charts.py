"""Lines over time, ready to be drawn by `web/parts/line_chart.html`.

Paths live in a square of 1000 by 1000 that the browser stretches, so a chart is as wide as its
place; words and marks stand at percents. What is unknown is a gap in the line, never a zero.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

SIDE: Final = 1000
MOST_POINTS: Final = 400
"""More are thinned to the lowest and the highest of each stretch: peaks stay."""
_STEPS: Final = (1, 2, 2.5, 5, 10)
_WANTED_TICKS: Final = 4
_DASH: Final = 6
"""Half of what is drawn for a value without neighbours, of the width of `SIDE`."""
_TIMES: Final = (
    *((timedelta(minutes=m), "H:i") for m in (1, 2, 5, 10, 15, 30)),
    *((timedelta(hours=h), "H:i") for h in (1, 2, 3, 6, 12)),
    *((timedelta(days=d), "j M") for d in (1, 2, 7, 14, 30, 90, 365)),
)
_MOST_TIMES: Final = 6

type Value = float | None
type Point = tuple[datetime, Value]


class Line(Struct, frozen=True, kw_only=True):
    """`kind` is the colour by meaning: main, other, good, bad, warning, faint. Points by time."""

    name: str
    points: Sequence[Point]
    kind: str = "main"
    is_filled: bool = False


class Limit(Struct, frozen=True, kw_only=True):
    """A value that matters, drawn across the whole width."""

    name: str
    value: float
    kind: str = "bad"


class Mark(Struct, frozen=True, kw_only=True):
    """Something that happened; with `until` it lasted. `href` leads to it."""

    at: datetime
    name: str
    until: datetime | None = None
    href: str = ""
    kind: str = "faint"


class Path(Struct, frozen=True, kw_only=True):
    """`d` in the square; `last` is the last known value in words."""

    name: str
    kind: str
    d: str
    area: str
    last: str


class Place(Struct, frozen=True, kw_only=True):
    """A word at `at` percent of the width or the height, from the left or the top."""

    at: float
    word: str


class Tick(Struct, frozen=True, kw_only=True):
    """A time at `at` percent of the width; `form` is how Django's `date` filter writes it."""

    at: float
    time: datetime
    form: str


class Spot(Struct, frozen=True, kw_only=True):
    """A mark from `left` on, `width` percent wide."""

    left: float
    width: float
    name: str
    time: datetime
    href: str
    kind: str


class LineChart(Struct, frozen=True, kw_only=True):
    """`summary` says in words what is drawn; `is_empty` when no value is known."""

    paths: tuple[Path, ...]
    limits: tuple[tuple[Place, str], ...]
    values: tuple[Place, ...]
    times: tuple[Tick, ...]
    spots: tuple[Spot, ...]
    summary: str
    is_empty: bool

    @property
    def role(self) -> str:
        """What it is to a screen reader: a picture must not have links in it."""
        return "group" if any(spot.href for spot in self.spots) else "img"


def line_chart(
    lines: Sequence[Line],
    *,
    start: datetime,
    end: datetime,
    limits: Sequence[Limit] = (),
    marks: Sequence[Mark] = (),
    lowest: Value = None,
    highest: Value = None,
    words: Callable[[float], str] = "{:g}".format,
) -> LineChart:
    """Draw lines from `start` to `end` (aware, `end` later).

    `lowest` and `highest` must be in the picture; it grows for values outside. `words` says a
    value. NaN, infinities and None are unknown.
    """
    shown = [_within(line, start, end) for line in lines]
    scale = _Scale(start, end, *_range(shown, limits, lowest, highest))
    return LineChart(
        paths=tuple(_path(line, scale, words) for line in shown),
        limits=tuple(
            (Place(at=scale.y_percent(one.value), word=one.name), one.kind) for one in limits
        ),
        values=tuple(Place(at=scale.y_percent(v), word=words(v)) for v in scale.value_ticks()),
        times=tuple(scale.time_ticks()),
        spots=tuple(_spot(mark, scale) for mark in marks if _is_inside(mark, start, end)),
        summary="; ".join(_said(line, words) for line in shown),
        is_empty=not any(_known(line) for line in shown),
    )


class _Scale(Struct, frozen=True):
    start: datetime
    end: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        return (at - self.start) / (self.end - self.start) * SIDE

    def y(self, value: float) -> float:
        return (self.high - value) / (self.high - self.low) * SIDE

    def y_percent(self, value: float) -> float:
        return round(self.y(value) / SIDE * 100, 2)

    def value_ticks(self) -> list[float]:
        """Round values inside the range, about four of them."""
        step = _round_step((self.high - self.low) / _WANTED_TICKS)
        first = math.ceil(self.low / step)
        count = int((self.high - first * step) / step + 1e-9) + 1
        return [float(f"{(first + number) * step:.12g}") for number in range(count)]

    def time_ticks(self) -> list[Tick]:
        """Round times inside the range, at most six; days begin where the reader's do not
        matter: the grid is in UTC, its words are in the reader's zone.
        """
        span = self.end - self.start
        step, form = next((t for t in _TIMES if span / t[0] <= _MOST_TIMES), _TIMES[-1])
        seconds = step.total_seconds()
        first = math.ceil(self.start.timestamp() / seconds) * seconds
        count = int((self.end.timestamp() - first) / seconds) + 1 if first else 0
        times = (
            datetime.fromtimestamp(first + n * seconds, self.start.tzinfo) for n in range(count)
        )
        return [Tick(at=round(self.x(at) / SIDE * 100, 2), time=at, form=form) for at in times]


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def _within(line: Line, start: datetime, end: datetime) -> Line:
    points = [(at, _finite(value)) for at, value in line.points if start <= at <= end]
    return Line(name=line.name, points=points, kind=line.kind, is_filled=line.is_filled)


def _finite(value: Value) -> Value:
    return value if value is not None and math.isfinite(value) else None


def _known(line: Line) -> list[float]:
    return [value for _, value in line.points if value is not None]


def _range(
    lines: Sequence[Line], limits: Sequence[Limit], lowest: Value, highest: Value
) -> tuple[float, float]:
    """The lowest and the highest value of the picture, never the same."""
    found = [value for line in lines for value in _known(line)]
    found += [limit.value for limit in limits]
    found += [value for value in (lowest, highest) if value is not None]
    low, high = min(found, default=0.0), max(found, default=1.0)
    if high - low <= abs(high) * 1e-9:
        bottom = low if lowest is not None and low >= lowest else low - (abs(low) / 10 or 1.0)
        return bottom, high + (abs(high) / 10 or 1.0)
    room = (high - low) * 0.06
    low = low if lowest is not None and low >= lowest else low - room
    high = high if highest is not None and high <= highest else high + room
    return low, high


def _path(line: Line, scale: _Scale, words: Callable[[float], str]) -> Path:
    runs = [_thinned(run) for run in _runs(line.points)]
    drawn = [[(round(scale.x(at), 1), round(scale.y(v), 1)) for at, v in run] for run in runs]
    known = _known(line)
    return Path(
        name=line.name,
        kind=line.kind,
        d=" ".join(_moves(run) for run in drawn),
        area=" ".join(_closed(run) for run in drawn) if line.is_filled else "",
        last=words(known[-1]) if known else "unknown",
    )


def _runs(points: Sequence[Point]) -> list[list[tuple[datetime, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[datetime, float]]] = [[]]
    for at, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]


def _thinned(run: list[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    if len(run) <= MOST_POINTS:
        return run
    size = math.ceil(len(run) / (MOST_POINTS / 2))
    kept: list[tuple[datetime, float]] = []
    for first in range(0, len(run), size):
        part = run[first : first + size]
        ends = (min(part, key=_value), max(part, key=_value))
        kept += sorted(dict.fromkeys(ends))
    return kept


def _value(point: tuple[datetime, float]) -> float:
    return point[1]


def _moves(run: Sequence[tuple[float, float]]) -> str:
    """A line through the points; one alone is a short dash, since a dot is easily overlooked."""
    points = _dash(run[0]) if len(run) == 1 else run
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points)


def _dash(point: tuple[float, float]) -> list[tuple[float, float]]:
    x, y = point
    return [(max(x - _DASH, 0), y), (min(x + _DASH, SIDE), y)]


def _closed(run: Sequence[tuple[float, float]]) -> str:
    return f"{_moves(run)} L{run[-1][0]:g} {SIDE} L{run[0][0]:g} {SIDE} Z"


def _is_inside(mark: Mark, start: datetime, end: datetime) -> bool:
    return (mark.until or mark.at) >= start and mark.at <= end


def _spot(mark: Mark, scale: _Scale) -> Spot:
    left = max(scale.x(mark.at), 0.0)
    right = min(scale.x(mark.until), SIDE) if mark.until else left
    return Spot(
        left=round(left / SIDE * 100, 2),
        width=round(max(right - left, 0.0) / SIDE * 100, 2),
        name=mark.name,
        time=mark.at,
        href=mark.href,
        kind=mark.kind,
    )


def _said(line: Line, words: Callable[[float], str]) -> str:
    known = _known(line)
    if not known:
        return f"{line.name}: unknown"
    low, high = words(min(known)), words(max(known))
    return f"{line.name}: from {low} to {high}, last {words(known[-1])}"
