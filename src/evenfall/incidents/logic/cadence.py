"""How soon and how often people are told of an incident: one table, by severity and audience.

The worse it is, the more often; while a fix is watched or the work is paused less often, and never
not at all. After two hours people may declare that it takes long: then updates come slower too.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import State


class Audience(StrEnum):
    """Who is told: everybody outside, colleagues, and those who lead the company."""

    PUBLIC = "public"
    STAFF = "staff"
    EXECUTIVES = "executives"

    @property
    def label(self) -> str:
        """As in "an update for the public"."""
        return "the public" if self is Audience.PUBLIC else self.value


_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

LONG_AFTER: Final = timedelta(hours=2)
"""From this age on an incident can be declared a long one."""

LONGEST: Final = timedelta(days=30)
"""Nobody waits longer than this for the next word."""

_OPENS_AT: Final = 9
_SATURDAY: Final = 5

_LEVELS: Final = {sev.value: level for level, sev in enumerate(Sev, start=1)}
_MILDEST: Final = len(Sev)


def level_of(severity: str) -> int:
    """Return 1 (worst) to 5; a word of old facts that is no severity any more is the mildest."""
    return _LEVELS.get(severity, _MILDEST)


# First word to the public, then each further one to the public, then everything inside.
_TABLE: Final[dict[int, tuple[timedelta | None, timedelta | None, timedelta | None]]] = {
    1: (10 * _MINUTE, 20 * _MINUTE, 30 * _MINUTE),
    2: (20 * _MINUTE, 30 * _MINUTE, _HOUR),
    3: (_HOUR, 2 * _HOUR, 4 * _HOUR),
    4: (None, None, _DAY),
    5: (None, None, None),
}
_LONG: Final = {1: _HOUR, 2: 2 * _HOUR}
_NEXT_WORKDAY: Final = frozenset({3})
_CALMER: Final = {State.MONITORING: 2, State.PAUSED: 4}
_ALWAYS_VISIBLE: Final = 2
"""Up to this severity the public is told of production even where no status page shows it."""


class Pace(Struct, frozen=True, kw_only=True):
    """How long until the next word; with `by_workday` not before the next working morning."""

    every: timedelta
    by_workday: bool = False


def is_told(audience: Audience, level: int, *, production: bool, visible: bool) -> bool:
    """Whether this audience is promised anything by itself.

    `visible`: a status page shows the incident, or what it hits.
    """
    if pace(audience, level) is None:
        return False
    if audience is not Audience.PUBLIC:
        return True
    return visible or (production and level <= _ALWAYS_VISIBLE)


def first(audience: Audience, level: int) -> Pace | None:
    """How long people may wait for the first word; None: nothing is promised."""
    public, _, inside = _TABLE[level]
    every = public if audience is Audience.PUBLIC else inside
    return None if every is None else Pace(every=every)


def pace(
    audience: Audience, level: int, *, state: State = State.OPEN, is_long: bool = False
) -> Pace | None:
    """How long people may wait for the next word; None: they are told when something changes."""
    _, public, inside = _TABLE[level]
    every = public if audience is Audience.PUBLIC else inside
    if every is None:
        return None
    slower = max(every, _LONG.get(level, every)) if is_long else every
    return Pace(every=slower * _CALMER.get(state, 1), by_workday=is_long and level in _NEXT_WORKDAY)


def due(of: Pace, at: datetime, *, zone: ZoneInfo) -> datetime:
    """When the next word is due that is promised at `at`; working mornings are those of `zone`."""
    plain = at + of.every
    return max(plain, _next_morning(at, zone)) if of.by_workday else plain


def _next_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the first working day after that of `at` begins, in UTC."""
    day = at.astimezone(zone).date() + _DAY
    while day.weekday() >= _SATURDAY:
        day += _DAY
    morning = datetime(day.year, day.month, day.day, _OPENS_AT, tzinfo=zone)
    return morning.astimezone(at.tzinfo)
