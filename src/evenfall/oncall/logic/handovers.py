"""What people are told about their shifts, and when: before them, at their begin and their end."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.oncall.logic.spec import Role, Span
from evenfall.platform.wall_clock import instant, reading

HORIZON = timedelta(days=8)
REST = timedelta(hours=72)
LATE = timedelta(hours=12)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVENING, NIGHT, MORNING = time(20), time(22), time(8)
BACK = "The shift is theirs again, as it was announced."
TOO_LATE = "It was too late: the shift had begun."
PAGED = (Role.PRIMARY, Role.LIEUTENANT)
"""The roles that must be reached: whoever only learns is told of it, and never checked."""
SILENT = frozenset({"inbox", "email"})


class NoticeKind(StrEnum):
    LOOK_AHEAD = "look_ahead"
    READY_DAY = "ready_day"
    READY_HOUR = "ready_hour"
    BEGINS = "begins"
    ENDS = "ends"
    CHANGED = "changed"


class NoticeState(StrEnum):
    PLANNED = "planned"
    TOLD = "told"
    DROPPED = "dropped"


class LookAhead(StrEnum):
    """How long before a shift its person wants to hear of it."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"
    OFF = "off"


LEADS = {
    LookAhead.WEEK: timedelta(days=7),
    LookAhead.DAY: DAY,
    LookAhead.HOUR: HOUR,
}


class Tour(Struct, frozen=True, kw_only=True):
    """The time between two hand-overs: one person in one role, with rests that nobody else fills.

    `begins` and `ends` say whether that edge is a hand-over; False where it lies too close to the
    end of what was looked at. `before_id` and `after_id` have the role before and after.
    """

    user_id: int
    role: Role
    starts_at: datetime
    ends_at: datetime
    begins: bool = True
    ends: bool = True
    before_id: int | None = None
    after_id: int | None = None


class Reader(Struct, frozen=True, kw_only=True):
    """How one person wants to be told; nights are those of `zone`."""

    zone: ZoneInfo
    look_ahead: LookAhead = LookAhead.DAY


class Key(Struct, frozen=True, kw_only=True):
    """What a notice is about.

    `happens_at` is the begin of the shift (UTC), for ENDS its end, for CHANGED the begin that was
    announced.
    """

    user_id: int
    role: Role
    kind: NoticeKind
    happens_at: datetime


def tours(spans: Collection[Span], starts_at: datetime, ends_at: datetime) -> tuple[Tour, ...]:
    """The tours in a schedule that was asked for between two instants, by role and start.

    Spans of one person belong together when nobody else comes between them and no rest is longer
    than `REST`: a week of office hours is one tour with one hand-over, not five.
    """
    return tuple(
        tour for role in Role for tour in _tours_of(_in_role(spans, role), starts_at, ends_at)
    )


def _in_role(spans: Collection[Span], role: Role) -> list[Span]:
    return sorted((s for s in spans if s.role is role), key=lambda span: span.starts_at)


def _tours_of(spans: Sequence[Span], starts_at: datetime, ends_at: datetime) -> Iterator[Tour]:
    stretches = list(_stretches(spans))
    around = [None, *(stretch[0].user_id for stretch in stretches), None]
    for place, (first, last) in enumerate(stretches):
        yield Tour(
            user_id=first.user_id,
            role=first.role,
            starts_at=first.starts_at,
            ends_at=last.ends_at,
            # whoever follows somebody else takes over; after nothing, it may be an older rest
            begins=place > 0 or first.starts_at - REST >= starts_at,
            ends=place < len(stretches) - 1 or last.ends_at + REST <= ends_at,
            before_id=around[place],
            after_id=around[place + 2],
        )


def _stretches(spans: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """The first and the last span of each tour."""
    if not spans:
        return
    first = spans[0]
    for span, following in pairwise(spans):
        if following.user_id != span.user_id or following.starts_at - span.ends_at > REST:
            yield first, span
            first = following
    yield first, spans[-1]


def wanted(
    found: Collection[Tour], readers: Mapping[int, Reader], now: datetime
) -> dict[Key, datetime]:
    """What is to be told, and when it is due; a due time in the past means at once.

    Hand-overs count up to `LATE` ago: somebody who takes the pager now is told a moment after.
    """
    result: dict[Key, datetime] = {}
    for tour in found:
        if tour.begins and now - LATE < tour.starts_at <= now + HORIZON:
            result |= {
                _key(tour, kind, tour.starts_at): due
                for kind, due in _before(tour, found, readers[tour.user_id], now)
            }
        is_near = now - LATE < tour.ends_at <= now + HORIZON
        if tour.ends and is_near and not _goes_on(found, tour):
            result[_key(tour, NoticeKind.ENDS, tour.ends_at)] = tour.ends_at
    return result


def _key(tour: Tour, kind: NoticeKind, happens_at: datetime) -> Key:
    return Key(user_id=tour.user_id, role=tour.role, kind=kind, happens_at=happens_at)


def _before(
    tour: Tour, found: Collection[Tour], reader: Reader, now: datetime
) -> Iterator[tuple[NoticeKind, datetime]]:
    yield NoticeKind.BEGINS, tour.starts_at
    if tour.starts_at <= now:
        return
    if tour.role in PAGED:
        yield NoticeKind.READY_HOUR, tour.starts_at - HOUR
    if tour.role in PAGED and now < tour.starts_at - HOUR:  # later, the check of the hour says all
        yield NoticeKind.READY_DAY, by_day(tour.starts_at - DAY, reader.zone)
    due = look_ahead_at(tour.starts_at, reader)
    if due is not None and not _is_on_call(found, tour, due):
        yield NoticeKind.LOOK_AHEAD, due


def _goes_on(found: Collection[Tour], tour: Tour) -> bool:
    """Whether the same person goes on in the other role: that begin says it all."""
    return any(
        other.user_id == tour.user_id
        and other.role is not tour.role
        and other.starts_at == tour.ends_at
        for other in found
    )


def look_ahead_at(starts_at: datetime, reader: Reader) -> datetime | None:
    """When this reader hears of a shift that starts then; None where it is switched off."""
    if reader.look_ahead is LookAhead.OFF:
        return None
    due = starts_at - LEADS[reader.look_ahead]
    return due if reader.look_ahead is LookAhead.HOUR else by_day(due, reader.zone)


def _is_on_call(found: Collection[Tour], tour: Tour, at: datetime) -> bool:
    """Whether the same person has the role then: after an hour's cover nobody needs a reminder."""
    return any(
        other.user_id == tour.user_id
        and other.role is tour.role
        and other.starts_at <= at < other.ends_at
        for other in found
    )


def by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant itself, or the evening before where it falls into the night of the zone."""
    wall = reading(at, zone)
    if wall.time() >= NIGHT:
        return instant(datetime.combine(wall.date(), EVENING), zone)
    if wall.time() < MORNING:
        return instant(datetime.combine(wall.date() - DAY, EVENING), zone)
    return at


def quiet_kinds(kinds: Collection[str], at: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The channels for what can wait: in the night of the zone only those that make no sound."""
    wall = reading(at, zone).time()
    is_night = wall >= NIGHT or wall < MORNING
    return tuple(sorted(set(kinds) & SILENT if is_night else set(kinds)))


def why_dropped(key: Key, found: Collection[Tour], now: datetime) -> str:
    """Why a notice that was planned is not told: the schedule, or the time, went over it."""
    if key.happens_at <= now - LATE:
        return TOO_LATE
    if key.kind is NoticeKind.CHANGED:
        return BACK
    edges = {
        (tour.user_id, tour.role, tour.ends_at if key.kind is NoticeKind.ENDS else tour.starts_at)
        for tour in found
    }
    if (key.user_id, key.role, key.happens_at) not in edges:
        return "The schedule changed: this hand-over is no longer theirs."
    if key.happens_at <= now:
        return TOO_LATE
    return "It is not wanted any more."
