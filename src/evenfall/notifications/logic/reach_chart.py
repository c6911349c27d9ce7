"""Rates as rows of bars, in shares of the width, ready to be drawn."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Counted(Protocol):
    """Messages of one name, by what became of them."""

    @property
    def name(self) -> str: ...
    @property
    def sent(self) -> int: ...
    @property
    def delivered(self) -> int: ...
    @property
    def untold(self) -> int: ...
    @property
    def failed(self) -> int: ...


class Bar(Struct, frozen=True):
    """`left` and `width` are percents; `kind` says what became of these messages."""

    kind: str
    left: float
    width: float
    count: int


class Row(Struct, frozen=True):
    name: str
    sent: int
    bars: tuple[Bar, ...]


def chart(rates: Sequence[Counted]) -> tuple[Row, ...]:
    """One row for each, as wide as the whole: what counts is the part, the number stands beside."""
    return tuple(Row(rate.name, rate.sent, _bars(rate)) for rate in rates if rate.sent)


def _bars(rate: Counted) -> tuple[Bar, ...]:
    parts = (("delivered", rate.delivered), ("taken", rate.untold), ("failed", rate.failed))
    bars: list[Bar] = []
    reached = 0
    for kind, count in parts:
        if count:
            left, width = reached / rate.sent * 100, count / rate.sent * 100
            bars.append(Bar(kind, round(left, 3), round(width, 3), count))
            reached += count
    return tuple(bars)
