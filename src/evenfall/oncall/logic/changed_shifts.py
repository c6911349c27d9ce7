"""Shifts that were announced to somebody and then changed: taken away, or begun at another time."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.oncall.logic.handovers import LATE, REST, Key, NoticeKind, Tour

GRACE = timedelta(minutes=5)
"""Whoever corrects a change at once alarms nobody."""


class Change(Struct, frozen=True, kw_only=True):
    """What became of an announced shift.

    `moved_to` is the shift of the same person that it became, None where it was taken away;
    `holder_id` has the role at the announced time now.
    """

    moved_to: Tour | None
    holder_id: int | None


def wanted(
    announced: Collection[Key], found: Collection[Tour], now: datetime
) -> dict[Key, datetime]:
    """The changes that are to be told, and when they are due, of what was announced."""
    return {
        Key(
            user_id=key.user_id,
            role=key.role,
            kind=NoticeKind.CHANGED,
            happens_at=key.happens_at,
        ): max(now, min(now + GRACE, key.happens_at))
        for key in announced
        if change_of(key, announced, found, now) is not None
    }


def change_of(
    key: Key, announced: Collection[Key], found: Collection[Tour], now: datetime
) -> Change | None:
    """What became of the shift that was announced under this key; None where it still comes.

    A shift that was joined to one that runs has not changed for whoever has it: they are told of
    begins and ends.
    """
    own = [tour for tour in found if (tour.user_id, tour.role) == (key.user_id, key.role)]
    if key.happens_at <= now - LATE or any(_holds(tour, key.happens_at, now) for tour in own):
        return None
    taken = {k.happens_at for k in announced if (k.user_id, k.role) == (key.user_id, key.role)}
    coming = (tour for tour in own if tour.starts_at > now and tour.starts_at not in taken)
    holders = (t.user_id for t in found if t.role is key.role and _runs(t, key.happens_at))
    return Change(moved_to=_nearest(coming, key.happens_at), holder_id=next(holders, None))


def _holds(tour: Tour, at: datetime, now: datetime) -> bool:
    return tour.starts_at == at or (tour.starts_at <= now and _runs(tour, at))


def _runs(tour: Tour, at: datetime) -> bool:
    return tour.starts_at <= at < tour.ends_at


def _nearest(tours: Iterable[Tour], at: datetime) -> Tour | None:
    """The shift that begins nearest to the instant, if it is no further than a rest."""
    near = (tour for tour in tours if abs(tour.starts_at - at) <= REST)
    return min(near, key=lambda tour: abs(tour.starts_at - at), default=None)
