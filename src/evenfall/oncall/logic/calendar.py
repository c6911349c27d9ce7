"""A month or a week of duties as rows of weeks with lanes, ready to be drawn.

Days are those of one zone, seven columns of the same width. A bar stands where the clock on the
wall stands within its day, so that it also fits the columns in weeks in which the clocks change.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from evenfall.oncall.logic.spec import Role
from evenfall.platform.wall_clock import MONTHS, WEEKDAYS, YEARS, instant, reading

NOBODY = "Nobody"
DAY = timedelta(days=1)
DAYS = 7
LETTER = 0.95
"""About as wide is a letter, in percent of a week on a desktop."""


class View(StrEnum):
    MONTH = "month"
    WEEK = "week"


class Shown(Struct, frozen=True):
    """A rota that has lanes."""

    id: int
    name: str


class Entry(Struct, frozen=True, kw_only=True):
    """One person in one role of one rota, whole; without a user it is a gap (UTC)."""

    rota: Shown
    role: Role
    user_id: int | None
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str

    @property
    def key(self) -> str:
        """The start as addresses carry it."""
        return key_of(self.starts_at)

    @property
    def end_key(self) -> str:
        return key_of(self.ends_at)


class Frame(Struct, frozen=True):
    """The weeks shown, from a Monday on; `month` is the one they are for, 0 in the week view."""

    view: View
    first: date
    weeks: int
    zone: ZoneInfo
    month: int
    title: str
    previous: date
    following: date

    @property
    def midnights(self) -> list[datetime]:
        """The instants at which the days begin, and the one at which the last ends."""
        days = range(self.weeks * DAYS + 1)
        return [midnight(self.first + number * DAY, self.zone) for number in days]


class Bar(Struct, frozen=True):
    """`left` and `width` are percents of the week; `label` is what fits into it."""

    entry: Entry
    left: float
    width: float
    label: str
    spoken: str


class Lane(Struct, frozen=True):
    rota: Shown
    role: Role
    bars: tuple[Bar, ...]


class Line(Struct, frozen=True):
    """An entry within one day, with the part of the day in words."""

    entry: Entry
    hours: str


class Day(Struct, frozen=True):
    """`left` is where the column stands, in percent of the week."""

    day: date
    left: float
    label: str
    is_today: bool
    is_outside: bool
    lines: tuple[Line, ...]


class Week(Struct, frozen=True):
    """`now` is where the present instant stands in percent, None outside of this week."""

    days: tuple[Day, ...]
    lanes: tuple[Lane, ...]
    midnights: tuple[datetime, ...]
    now: float | None

    @property
    def columns(self) -> tuple[Day, ...]:
        """The days without what stands in them."""
        return tuple(replace(day, lines=()) for day in self.days)

    @property
    def seams(self) -> str:
        """The instants at which the days begin and end, for the hand that drags over them."""
        return " ".join(key_of(midnight) for midnight in self.midnights)


def frame_of(view: View, on: date, zone: ZoneInfo) -> Frame:
    """The frame that shows the day; years out of range are shown as the nearest one."""
    on = min(max(on, date(YEARS[0] + 1, 1, 1)), date(YEARS[-1] - 1, 12, 31))
    if view is View.WEEK:
        first = on - on.weekday() * DAY
        title = f"{spoken_day(first)} to {spoken_day(first + 6 * DAY)} {(first + 6 * DAY).year}"
        return Frame(view, first, 1, zone, 0, title, first - 7 * DAY, first + 7 * DAY)
    start = on.replace(day=1)
    following = (start + 31 * DAY).replace(day=1)
    first = start - start.weekday() * DAY
    weeks = -(-(following - first).days // DAYS)
    previous = (start - DAY).replace(day=1)
    title = f"{start:%B} {start.year}"
    return Frame(view, first, weeks, zone, start.month, title, previous, following)


def weeks(
    frame: Frame, shown: Sequence[Shown], entries: Sequence[Entry], *, now: datetime
) -> tuple[Week, ...]:
    """Every rota has a lane in every week, other roles only where somebody has them."""
    midnights = frame.midnights
    starts = range(0, len(midnights) - 1, DAYS)
    return tuple(
        _week(frame, shown, entries, midnights[start : start + DAYS + 1], now) for start in starts
    )


def zone_in_words(frame: Frame) -> str:
    """The zone with its distance from UTC, also where that changes within the frame."""
    first = frame.midnights[0]
    changes = [_offset(first, frame.zone)]
    for at in frame.midnights[1:]:
        offset = _offset(at, frame.zone)
        if offset not in changes[-1]:
            changes.append(
                f"{offset} from {spoken_day(reading(at - timedelta.resolution, frame.zone).date())}"
            )
    return f"{frame.zone.key.replace('_', ' ')} ({', '.join(changes)})"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, time.min), zone)


def spoken_day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def spoken_time(at: datetime, zone: ZoneInfo) -> str:
    """Mon 2 Mar 09:00, on the wall of the zone."""
    wall = reading(at, zone)
    return f"{spoken_day(wall.date())} {wall:%H:%M}"


def key_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _week(
    frame: Frame,
    shown: Sequence[Shown],
    entries: Sequence[Entry],
    midnights: Sequence[datetime],
    now: datetime,
) -> Week:
    here = [e for e in entries if e.starts_at < midnights[-1] and e.ends_at > midnights[0]]
    is_current = midnights[0] <= now < midnights[-1]
    several = len(shown) > 1
    return Week(
        days=tuple(_day(frame, here, *pair, now) for pair in pairwise(midnights)),
        lanes=tuple(_lanes(frame, shown, here, midnights, several=several)),
        midnights=tuple(midnights),
        now=_percent(midnights, now) if is_current else None,
    )


def _lanes(
    frame: Frame,
    shown: Sequence[Shown],
    entries: Sequence[Entry],
    midnights: Sequence[datetime],
    *,
    several: bool,
) -> Iterator[Lane]:
    of_lane: dict[tuple[int, Role], list[Entry]] = defaultdict(list)
    for entry in entries:
        of_lane[entry.rota.id, entry.role].append(entry)
    for rota in shown:
        for role in Role:
            mine = of_lane.get((rota.id, role), [])
            if mine or role is Role.PRIMARY:
                bars = [_bar(entry, frame.zone, midnights, several=several) for entry in mine]
                yield Lane(rota, role, tuple(sorted(bars, key=lambda bar: bar.left)))


def _bar(entry: Entry, zone: ZoneInfo, midnights: Sequence[datetime], *, several: bool) -> Bar:
    left = _percent(midnights, max(entry.starts_at, midnights[0]))
    width = round(_percent(midnights, min(entry.ends_at, midnights[-1])) - left, 3)
    label = _label(entry, width, several=several)
    return Bar(entry, left, width, label, _spoken(entry, zone))


def _label(entry: Entry, width: float, *, several: bool) -> str:
    initials = "".join(word[0] for word in entry.name.split()[:2])
    whole = f"{entry.rota.name}: {entry.name}" if several else entry.name
    fitting = [text for text in (whole, entry.name, initials) if (len(text) + 2) * LETTER <= width]
    return fitting[0] if fitting else ""


def _spoken(entry: Entry, zone: ZoneInfo) -> str:
    what = "on call" if entry.role is Role.PRIMARY else entry.role.value
    stretch = f"{spoken_time(entry.starts_at, zone)} to {spoken_time(entry.ends_at, zone)}"
    return f"{entry.rota.name}: {entry.name} {what}, {stretch}"


def _day(
    frame: Frame, entries: Sequence[Entry], starts_at: datetime, ends_at: datetime, now: datetime
) -> Day:
    day = reading(starts_at, frame.zone).date()
    here = [e for e in entries if e.starts_at < ends_at and e.ends_at > starts_at]
    here.sort(key=lambda e: (e.rota.name, e.rota.id, e.role is not Role.PRIMARY, e.starts_at))
    return Day(
        day=day,
        left=round(day.weekday() / DAYS * 100, 3),
        label=f"{WEEKDAYS[day.weekday()]} {day.day}",
        is_today=starts_at <= now < ends_at,
        is_outside=frame.month not in {0, day.month},
        lines=tuple(Line(e, _hours(e, starts_at, ends_at, frame.zone)) for e in here),
    )


def _hours(entry: Entry, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    begins, ends = entry.starts_at > starts_at, entry.ends_at < ends_at
    if not begins and not ends:
        return "all day"
    low, high = (f"{reading(at, zone):%H:%M}" for at in (entry.starts_at, entry.ends_at))
    if begins and ends:
        return f"{low} to {high}"
    return f"from {low}" if begins else f"until {high}"


def _percent(midnights: Sequence[datetime], at: datetime) -> float:
    number = min(bisect_right(midnights, at) - 1, len(midnights) - 2)
    length = midnights[number + 1] - midnights[number]
    return round((number + (at - midnights[number]) / length) / (len(midnights) - 1) * 100, 3)


def _offset(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    text = local.strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
