"""How the values of two sides are spread, ready to be drawn one above the other."""

from collections.abc import Sequence
from statistics import median, quantiles
from typing import Final

from msgspec import Struct

ROOM: Final = 2.0
"""Per cent of the width that stay free at both ends."""
_SHARES: Final = (5, 25, 50, 75, 95)


class Spread(Struct, frozen=True, kw_only=True):
    """Where the middle 90 %, the middle half and the median lie: values, and percents of the
    width in `at`.
    """

    name: str
    kind: str
    low: float
    quarter: float
    middle: float
    three_quarters: float
    high: float
    at: tuple[float, float, float, float, float]

    @property
    def box(self) -> float:
        """The width of the middle half, in percent; a hair where there is none."""
        return max(round(self.at[3] - self.at[1], 2), 0.4)


def spreads(sides: Sequence[tuple[str, str, Sequence[float]]]) -> tuple[Spread, ...]:
    """A spread for each (name, kind, values) that has values; all on one scale."""
    found = [(name, kind, _five(values)) for name, kind, values in sides if values]
    ends = [value for _, _, five in found for value in (five[0], five[-1])]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    return tuple(_spread(name, kind, five, low, high) for name, kind, five in found)


def _five(values: Sequence[float]) -> tuple[float, float, float, float, float]:
    if len(values) == 1:
        return (values[0],) * 5
    cuts = quantiles(values, n=100, method="inclusive")
    five, quarter, _, three_quarters, most = (cuts[share - 1] for share in _SHARES)
    return (five, quarter, median(values), three_quarters, most)


def _spread(
    name: str,
    kind: str,
    five: tuple[float, float, float, float, float],
    low: float,
    high: float,
) -> Spread:
    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(ROOM + share * (100 - 2 * ROOM), 2)

    a, b, c, d, e = five
    return Spread(
        name=name,
        kind=kind,
        low=a,
        quarter=b,
        middle=c,
        three_quarters=d,
        high=e,
        at=(place(a), place(b), place(c), place(d), place(e)),
    )
