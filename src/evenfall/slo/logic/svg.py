"""The budget of an objective as one SVG file, for places that know no style sheets of ours.

Colours and sizes are attributes of the shapes, words are plain text: nothing in it can run.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

type Point = tuple[datetime, float | None]

WIDTH: Final = 640
HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 44, 28
_FONT: Final = 'font-family="sans-serif" font-size="13"'
_INK: Final = "#1f2430"
_FAINT: Final = "#9aa1ad"
_BAD: Final = "#c0362c"
_LINE: Final = "#2b6cb0"


def budget_svg(title: str, points: Sequence[Point], *, said: str) -> str:
    """What was left of a budget over time, shares of it; None is a gap in the line.

    `said` is the same in words, for whoever cannot see it.
    """
    known = [rest for _, rest in points if rest is not None]
    low, high = min([0.0, *known]), max([1.0, *known])
    lines = "".join(
        f'<polyline fill="none" stroke="{_LINE}" stroke-width="2" points="{place}"/>'
        for place in _stretches(points, low, high)
    )
    words = "" if known else _text(WIDTH / 2, HEIGHT / 2, "Nothing is known yet", _FAINT, "middle")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {_FONT}>'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f"{_text(_LEFT, 24, title, _INK)}{_levels(low, high)}{_times(points)}{lines}{words}</svg>"
    )


def _stretches(points: Sequence[Point], low: float, high: float) -> Iterator[str]:
    """The places of points that follow each other without a gap."""
    places: list[str] = []
    for number, (_, rest) in enumerate(points):
        if rest is not None:
            places.append(f"{_x(number, len(points)):.1f},{_y(rest, low, high):.1f}")
        elif places:
            yield " ".join(places)
            places = []
    if places:
        yield " ".join(places)


def _levels(low: float, high: float) -> str:
    """Full, nothing left, and the deepest where there was less than nothing."""
    levels = [(1.0, _FAINT), (0.0, _BAD), *([(low, _FAINT)] if low < -0.05 else ())]  # noqa: PLR2004 - room for its word
    found = ""
    for level, colour in levels:
        y = _y(level, low, high)
        found += f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{colour}"/>'
        found += _text(_LEFT - 6, y + 4, f"{level:.0%}", colour, "end")
    return found


def _times(points: Sequence[Point]) -> str:
    if not points:
        return ""
    first, last = points[0][0], points[-1][0]
    y = HEIGHT - 10
    return _text(_LEFT, y, f"{first:%Y-%m-%d %H:%M}", _FAINT) + _text(
        WIDTH - _RIGHT, y, f"{last:%Y-%m-%d %H:%M} UTC", _FAINT, "end"
    )


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def _x(number: int, count: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (number / max(1, count - 1))


def _y(value: float, low: float, high: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)
