"""Calendars that absences are read from."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from msgspec import Struct

from evenfall.oncall import errors
from evenfall.oncall.models import CalendarFeed


class AbsenceFeed(Struct, frozen=True, kw_only=True):
    """A calendar without its address. `worked_at` is when it was last read well.

    `error` is what went wrong at `checked_at`, empty when nothing did.
    """

    id: int
    user_id: int | None
    team_id: int | None
    name: str
    kind: str
    every_event: bool
    words: list[str]
    checked_at: datetime | None
    worked_at: datetime | None
    error: str


def absence_feeds(
    *, user_ids: Collection[int] = (), team_ids: Collection[int] = ()
) -> list[AbsenceFeed]:
    """The calendars of these people and teams, by name."""
    rows = CalendarFeed.objects.filter(
        Q(user_id__in=user_ids) | Q(team_id__in=team_ids), removed_at=None
    )
    return [_view(row) for row in rows.order_by("name", "id")]


def absence_feed(calendar_id: int) -> AbsenceFeed:
    """Raises `CalendarNotFound`."""
    row = CalendarFeed.objects.filter(id=calendar_id, removed_at=None).first()
    if row is None:
        raise errors.CalendarNotFound
    return _view(row)


def _view(row: CalendarFeed) -> AbsenceFeed:
    return AbsenceFeed(
        id=row.id,
        user_id=row.user_id,
        team_id=row.team_id,
        name=row.name,
        kind=row.kind,
        every_event=row.every_event,
        words=row.words,
        checked_at=row.checked_at,
        worked_at=row.worked_at,
        error=row.error,
    )
