"""Shares and distributions, each with how many records it stands on."""

import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from msgspec import Struct

_NINE_TENTHS: Final = 0.9
BANDS: Final = (
    ("under 1 h", timedelta(hours=1)),
    ("1 h to 1 day", timedelta(days=1)),
    ("1 day to 1 week", timedelta(weeks=1)),
    ("1 week to 1 month", timedelta(days=30)),
    ("1 to 6 months", timedelta(days=182)),
    ("over 6 months", timedelta.max),
)
"""Those of DORA's survey, so that people know where they stand without anybody's clusters."""


class Share(Struct, frozen=True):
    """`count` of `n`; only made where `n` is more than 0."""

    count: int
    n: int

    @property
    def percent(self) -> float:
        return self.count / self.n * 100


class Bar(Struct, frozen=True):
    """One band of a distribution; `width` is percent of the fullest band."""

    label: str
    count: int
    width: float


class Distribution(Struct, frozen=True, kw_only=True):
    """Lengths of time: the middle one, the one that nine in ten stay under, and all in bands."""

    n: int
    median: timedelta
    p90: timedelta
    bars: tuple[Bar, ...]


def share(count: int, n: int) -> Share | None:
    return Share(count, n) if n else None


def distribution(lengths: Iterable[timedelta]) -> Distribution | None:
    """The distribution of these lengths; None of nothing."""
    ordered = sorted(lengths)
    if not ordered:
        return None
    return Distribution(
        n=len(ordered),
        median=quantile(ordered, 0.5),
        p90=quantile(ordered, _NINE_TENTHS),
        bars=_bars(ordered),
    )


def quantile(ordered: Sequence[timedelta], part: float) -> timedelta:
    """The value below which this part of the ordered values lies, between two of them in a line.

    Definition 7 of Hyndman and Fan, which spreadsheets and numpy use.
    """
    place = (len(ordered) - 1) * part
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _bars(ordered: Sequence[timedelta]) -> tuple[Bar, ...]:
    counts = [0] * len(BANDS)
    for length in ordered:
        counts[next(at for at, (_, end) in enumerate(BANDS) if length < end)] += 1
    most = max(counts)
    return tuple(
        Bar(label, count, round(count / most * 100, 2))
        for (label, _), count in zip(BANDS, counts, strict=True)
    )
