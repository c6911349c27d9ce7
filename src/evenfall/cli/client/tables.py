"""Tables and times for people who read a terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

GAP: Final = "  "
_NOT_PRINTED: Final = frozenset({"Cc", "Cf", "Cs"})


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns under their names; the last one is as wide as it is."""
    lines = [[_clean(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    ]
    return GAP.join(padded).rstrip()


def _clean(text: str) -> str:
    """Drop control characters: an alert's title must not steer somebody's terminal."""
    folded = " ".join(text.split())
    return "".join(sign for sign in folded if unicodedata.category(sign) not in _NOT_PRINTED)


def _width(text: str) -> int:
    """Return how many columns it takes; wide East Asian signs take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def ago(at: datetime, *, now: datetime) -> str:
    """Return how long ago, in the largest unit: "4 min", "3 h", "2 d"; "now" under a minute."""
    past = now - at
    for unit, name in (
        (timedelta(days=1), "d"),
        (timedelta(hours=1), "h"),
        (timedelta(minutes=1), "min"),
    ):
        if past >= unit:
            return f"{past // unit} {name}"
    return "now"


def local(at: datetime) -> str:
    """Return the time in the zone of this machine: "Mon 02 Mar 09:00"."""
    return f"{at.astimezone():%a %d %b %H:%M}"
