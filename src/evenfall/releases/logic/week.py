"""A week of windows and freezes as a picture: bars in percent of a day, ready to be drawn."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.platform.wall_clock import instant, reading
from evenfall.releases.logic.facts import FreezeFact
from evenfall.releases.logic.windows import Window, spans
from evenfall.releases.logic.words import SITE

DAYS: Final = 7
ROW: Final = 14
"""Height of one day in the picture, in its own units; the width is 100."""
_DAY: Final = timedelta(days=1)


class Bar(Struct, frozen=True, kw_only=True):
    """`left` and `width` are percents of the day; `top` is in units of the picture."""

    kind: str
    left: float
    width: float
    top: int


class Day(Struct, frozen=True, kw_only=True):
    """`words` say the same as the bars."""

    label: str
    top: int
    words: str


class Week(Struct, frozen=True, kw_only=True):
    """Seven days from today in the zone of the reader; `now_left` is the time now, today."""

    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    height: int
    now_left: float


def week(
    windows: Sequence[Window], freezes: Sequence[FreezeFact], *, zone: ZoneInfo, now: datetime
) -> Week:
    """Open times with the freezes over them; one of a service or a team is one for some.

    A day of 23 or 25 hours is as wide as the others.
    """
    first = reading(now, zone).date()
    days, bars = [], []
    for place in range(DAYS):
        day = first + place * _DAY
        starts, ends = _edges(day, zone)
        opened = [span for one in windows for span in spans(one, starts, ends)]
        frozen, partly = (
            [
                (max(one.starts_at, starts), min(one.ends_at, ends))
                for one in freezes
                if (one.scope == SITE) is whole and one.starts_at < ends and one.ends_at > starts
            ]
            for whole in (True, False)
        )
        top = place * ROW
        days.append(
            _day(day, top, {"open": opened, "frozen": frozen, "frozen for some": partly}, zone)
        )
        bars += [_bar("open", span, (starts, ends), top) for span in opened]
        bars += [_bar("partly", span, (starts, ends), top) for span in partly]
        bars += [_bar("frozen", span, (starts, ends), top) for span in frozen]
    now_left = _share(now.astimezone(UTC), _edges(first, zone))
    return Week(days=tuple(days), bars=tuple(bars), height=DAYS * ROW, now_left=now_left)


type Span = tuple[datetime, datetime]


def _edges(day: date, zone: ZoneInfo) -> Span:
    midnight = datetime.combine(day, time())
    return instant(midnight, zone), instant(midnight + _DAY, zone)


def _day(day: date, top: int, found: Mapping[str, Sequence[Span]], zone: ZoneInfo) -> Day:
    parts = [
        f"{word} {_said(span, zone)}"
        for word, spans_of in found.items()
        for span in sorted(spans_of)
    ]
    return Day(label=f"{day:%a %d}", top=top, words=", ".join(parts) or "closed")


def _said(span: Span, zone: ZoneInfo) -> str:
    starts, ends = (reading(at, zone) for at in span)
    return f"{starts:%H:%M} to {'24:00' if ends.time() == time() else f'{ends:%H:%M}'}"


def _bar(kind: str, span: Span, edges: Span, top: int) -> Bar:
    left = _share(span[0], edges)
    return Bar(kind=kind, left=left, width=round(_share(span[1], edges) - left, 2), top=top)


def _share(at: datetime, edges: Span) -> float:
    return round((at - edges[0]) / (edges[1] - edges[0]) * 100, 2)
