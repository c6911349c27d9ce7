"""Bars and heat maps, ready to be drawn by `web/parts/bar_chart.html` and `heat_map.html`.

Everything stands at percents of the place a chart has, so it needs no script. Each has a table
with the same numbers behind "As a table", for whoever would rather read.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

_STEPS: Final = (1, 2, 5, 10)
_WANTED_TICKS: Final = 4
_GAP: Final = 0.22
"""The part of a bar's place that is left free."""
_MOST_WORDS: Final = 6
LEVELS: Final = 5


class Stack(Struct, frozen=True, kw_only=True):
    """One bar: what it is about, and the value of each series. `href` leads to what is behind."""

    word: str
    values: Sequence[float]
    href: str = ""


class Block(Struct, frozen=True, kw_only=True):
    """A part of a bar, in percents from the left and the top."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str
    href: str


class Label(Struct, frozen=True):
    at: float
    word: str


class Flag(Struct, frozen=True):
    """A bar at which something happened, drawn as a line before it."""

    at: float
    name: str


class BarChart(Struct, frozen=True, kw_only=True):
    """`rows` are the same numbers as a table; `is_empty` when all are zero."""

    series: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    values: tuple[Label, ...]
    words: tuple[Label, ...]
    flags: tuple[Flag, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    summary: str
    is_empty: bool

    @property
    def role(self) -> str:
        """What it is to a screen reader: a picture must not have links in it."""
        return "group" if any(block.href for block in self.blocks) else "img"


def bar_chart(
    stacks: Sequence[Stack],
    *,
    series: Sequence[tuple[str, str]],
    flags: Sequence[tuple[int, str]] = (),
) -> BarChart:
    """Stack values on each other; `series` are (name, kind of colour), the lowest first.

    `flags` are (place of the bar, name) of what happened there. Values are zero or more.
    """
    tops = [sum(one.values) for one in stacks]
    highest, step = _scale(max(tops, default=0.0))
    place = 100 / len(stacks) if stacks else 100.0
    names = tuple(series)
    return BarChart(
        series=names,
        blocks=tuple(
            block
            for number, one in enumerate(stacks)
            for block in _blocks(one, number * place, place, highest, names)
        ),
        values=tuple(
            Label(_round(100 - n * step / highest * 100), f"{n * step:g}")
            for n in range(1, round(highest / step) + 1)
        ),
        words=tuple(_words(stacks, place)),
        flags=tuple(Flag(_round(number * place), name) for number, name in flags),
        rows=tuple((one.word, tuple(one.values)) for one in stacks),
        summary=_summary(stacks, names),
        is_empty=not any(tops),
    )


def _blocks(
    one: Stack, left: float, place: float, highest: float, series: Sequence[tuple[str, str]]
) -> list[Block]:
    found, below = [], 0.0
    for (name, kind), value in zip(series, one.values, strict=True):
        below += value
        if value:
            block = Block(
                x=_round(left + place * _GAP / 2),
                y=_round(100 - below / highest * 100),
                width=_round(place * (1 - _GAP)),
                height=_round(value / highest * 100),
                kind=kind,
                words=f"{one.word}: {value:g} {name}",
                href=one.href,
            )
            found.append(block)
    return found


def _scale(top: float) -> tuple[float, float]:
    """A round end of the scale and its step."""
    least = max(top, 1.0) / _WANTED_TICKS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(s * power for s in _STEPS if s * power >= least * (1 - 1e-9))
    step = max(step, 1.0)
    return math.ceil(max(top, 1.0) / step - 1e-9) * step, step


def _words(stacks: Sequence[Stack], place: float) -> list[Label]:
    every = max(1, math.ceil(len(stacks) / _MOST_WORDS))
    return [
        Label(_round((number + 0.5) * place), one.word)
        for number, one in enumerate(stacks)
        if number % every == 0
    ]


def _summary(stacks: Sequence[Stack], series: Sequence[tuple[str, str]]) -> str:
    totals = [sum(one.values[n] for one in stacks) for n in range(len(series))]
    said = ", ".join(f"{total:g} {name}" for (name, _), total in zip(series, totals, strict=True))
    ends = f" from {stacks[0].word} to {stacks[-1].word}" if stacks else ""
    return f"{len(stacks)} bars{ends}: {said}"


class Cell(Struct, frozen=True, kw_only=True):
    """One field of a heat map; `level` 0 is nothing, `LEVELS` the most."""

    x: float
    y: float
    level: int
    words: str
    count: int


class HeatMap(Struct, frozen=True, kw_only=True):
    cells: tuple[Cell, ...]
    columns: tuple[Label, ...]
    rows: tuple[tuple[Label, tuple[int, ...]], ...]
    width: float
    height: float
    summary: str
    is_empty: bool


def heat_map(
    counts: Sequence[Sequence[int]], *, rows: Sequence[str], columns: Sequence[str], every: int = 1
) -> HeatMap:
    """Draw counts by rows and columns; every so many columns has its name written above."""
    most = max((count for row in counts for count in row), default=0)
    width, height = 100 / len(columns), 100 / len(rows)
    cells = [
        Cell(
            x=_round(x * width),
            y=_round(y * height),
            level=_level(count, most),
            words=f"{rows[y]} {columns[x]}: {count}",
            count=count,
        )
        for y, row in enumerate(counts)
        for x, count in enumerate(row)
    ]
    top = max(cells, key=lambda cell: cell.count, default=None)
    return HeatMap(
        cells=tuple(cells),
        columns=tuple(
            Label(_round(x * width), word) for x, word in enumerate(columns) if x % every == 0
        ),
        rows=tuple(
            (Label(_round((y + 0.5) * height), word), tuple(counts[y]))
            for y, word in enumerate(rows)
        ),
        width=_round(width),
        height=_round(height),
        summary=f"{sum(map(sum, counts))} in all, most on {top.words}" if top and most else "None",
        is_empty=not most,
    )


def _level(count: int, most: int) -> int:
    return math.ceil(LEVELS * count / most) if count else 0


def _round(value: float) -> float:
    return round(value, 2)


def day_word(at: datetime) -> str:
    """A day as bars write it, without a zero before it: 3 Mar."""
    return f"{at.day} {at:%b}"
