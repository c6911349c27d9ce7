"""Loads as rows of bars, in shares of the width, ready to be drawn."""

from collections.abc import Sequence

from msgspec import Struct

from evenfall.oncall.logic.loads import Parts

ROOM = 1.08
"""The longest bar ends a little before the edge."""
LEAST = 10.0
"""So many points fill the width at least: an hour on call is not drawn like a hard month."""


class Segment(Struct, frozen=True):
    """`left` and `width` are percents; `kind` is the name of the part, for its colour."""

    kind: str
    left: float
    width: float
    points: float


class Row(Struct, frozen=True):
    label: str
    total: float
    segments: tuple[Segment, ...]


class Chart(Struct, frozen=True):
    """`mean_left` is where the mean stands, in percent; None for nothing to compare."""

    rows: tuple[Row, ...]
    mean: float
    mean_left: float | None


def chart(lines: Sequence[tuple[str, Parts, float]], *, mean: float | None = None) -> Chart:
    """A row for each (label, parts, share); the parts are drawn over the share.

    Without a mean it is that of the rows.
    """
    totals = [parts.total / share for _, parts, share in lines]
    if mean is None:
        mean = sum(totals) / len(totals) if totals else 0.0
    most = max([*totals, mean, LEAST]) * ROOM
    rows = tuple(_row(label, parts, share, most) for label, parts, share in lines)
    return Chart(rows, mean, round(mean / most * 100, 3) if mean else None)


def _row(label: str, parts: Parts, share: float, most: float) -> Row:
    segments: list[Segment] = []
    reached = 0.0
    for name in parts.__struct_fields__:
        points = getattr(parts, name) / share
        if points:
            left, width = reached / most * 100, points / most * 100
            segments.append(Segment(name, round(left, 3), round(width, 3), points))
            reached += points
    return Row(label, reached, tuple(segments))
