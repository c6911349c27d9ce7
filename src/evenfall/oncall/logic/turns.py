"""Shifts to be given out, the people who may take them, and the rules that never bend."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

type Stretch = tuple[datetime, datetime]

REST = timedelta(hours=11)
"""Daily rest of the European directive 2003/88/EC, article 3."""


class Rule(StrEnum):
    """Why somebody may not take a shift."""

    MEMBER = "has no place in the rota then"
    AWAY = "is away then"
    PRIMARY = "is on call then"
    ELSEWHERE = "is on call elsewhere then"
    REST = "would have less than 11 hours of rest between two duties"
    CONSECUTIVE = "would have two shifts one after the other"


class Shift(Struct, frozen=True, kw_only=True):
    """A turn of a layer (`lane`), number `place` of it; in pieces where not all hours are worked.

    `user_id` has it now. A settled one was decided by people or has begun: it is never changed.
    """

    lane: int
    place: int
    pieces: tuple[Stretch, ...]
    user_id: int | None
    is_settled: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.pieces[0][0]

    @property
    def ends_at(self) -> datetime:
        return self.pieces[-1][1]


class Candidate(Struct, frozen=True, kw_only=True):
    """Somebody who may take shifts.

    `level` is what they carried, in points; `part` of full time, above 0; `points` what each shift
    would cost them, in the order of the shifts. `member`, `away` and `busy` are stretches of time;
    duties of settled shifts are among the busy ones. `primary` are, where lieutenants are planned,
    the duties beside which nobody can be one, and after which everybody rests first.
    """

    user_id: int
    level: float
    part: float
    points: tuple[float, ...]
    member: tuple[Stretch, ...]
    away: tuple[Stretch, ...] = ()
    busy: tuple[Stretch, ...] = ()
    primary: tuple[Stretch, ...] = ()


def closed(shift: Shift, person: Candidate) -> Rule | None:
    """Why the person may not take the shift, whoever has the others."""
    # the dates of a member are about shifts that start: the last one may end after leaving
    if not any(low <= shift.starts_at < high for low, high in person.member):
        return Rule.MEMBER
    if _meets(shift.pieces, person.away):
        return Rule.AWAY
    if _meets(shift.pieces, person.primary):
        return Rule.PRIMARY
    if _meets(shift.pieces, person.busy):
        return Rule.ELSEWHERE
    if _meets(shift.pieces, person.busy, REST) or _follows(shift.pieces, person.primary):
        return Rule.REST
    return None


def between(one: Shift, other: Shift) -> Rule | None:
    """Why no person may have both shifts."""
    if one.lane == other.lane and abs(one.place - other.place) == 1:
        return Rule.CONSECUTIVE
    if _meets(one.pieces, other.pieces):
        return Rule.ELSEWHERE
    return Rule.REST if _meets(one.pieces, other.pieces, REST) else None


def _follows(pieces: Iterable[Stretch], duties: Iterable[Stretch]) -> bool:
    """Whether any piece begins less than the rest after one of the duties."""
    duties = tuple(duties)
    return any(end <= low < end + REST for low, _ in pieces for _, end in duties)


def _meets(
    some: Iterable[Stretch], others: Iterable[Stretch], pause: timedelta = timedelta()
) -> bool:
    """Whether any two overlap, or leave less than the pause between them."""
    others = tuple(others)
    return any(
        low < end + pause and start < high + pause for low, high in some for start, end in others
    )
