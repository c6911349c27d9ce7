"""The timeline of an incident: its story, its notes and what changed, as entries of one shape."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.incidents import errors
from evenfall.incidents.logic.timeline import (
    Place,
    Shown,
    Source,
    cursor,
    key_of,
    place,
)
from evenfall.incidents.models import Note
from evenfall.incidents.queries.details import incident
from evenfall.incidents.queries.stretches import (
    Scope,
    Stretch,
    TimelineEntry,
    changes_of,
    scope,
    stretch,
)
from evenfall.platform import journal, pages

PAGE: Final = 200
ENOUGH: Final = 25
# What is read at most for one document: 10,000 facts.
WINDOW: Final = 500
MOST_WINDOWS: Final = 20


class TimelinePage(Struct, frozen=True, kw_only=True):
    """A page of a timeline, oldest first; `earlier` is the cursor of the page before it."""

    entries: Sequence[TimelineEntry]
    earlier: str | None
    is_newest: bool


def timeline(
    incident_id: int,
    pinned_only: bool = False,  # noqa: FBT001, FBT002 - reads well where it is called by name
    *,
    shown: Shown | None = None,
    now: datetime | None = None,
) -> list[TimelineEntry]:
    """Return the whole timeline, oldest first, without the notes that were struck out.

    Raises IncidentNotFound.
    """
    wanted = shown or Shown(pinned=pinned_only)
    of = scope(incident(incident_id), now=now)
    found = [one.entries for one in _stretches(of, before=None, size=WINDOW)]
    entries = [entry for entries in reversed(found) for entry in entries]
    return [entry for entry in entries if _is_shown(entry, wanted) and not entry.is_struck]


def timeline_page(
    incident_id: int,
    *,
    now: datetime,
    shown: Shown | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> TimelinePage:
    """Return one page: the newest, or the one that ends where the cursor `before` says.

    About `size` facts with the notes and changes of their time; where a filter leaves few of
    them, also what comes before. Raises IncidentNotFound, BadCursor.
    """
    of = scope(incident(incident_id), now=now)
    return page_of(of, shown=shown or Shown(), before=before, size=size)


def page_of(
    of: Scope, *, shown: Shown, before: str | None = None, size: int = PAGE
) -> TimelinePage:
    """Return one page of a timeline whose scope is known. Raises BadCursor."""
    entries: list[TimelineEntry] = []
    earlier: Place | None = None
    for part in _stretches(of, before=_place(before), size=max(1, min(size, WINDOW))):
        wanted = [entry for entry in part.entries if _is_shown(entry, shown)]
        entries, earlier = [*wanted, *entries], part.earlier
        if len(entries) >= min(ENOUGH, size):
            break
    return TimelinePage(
        entries=entries,
        earlier=cursor(earlier) if earlier else None,
        is_newest=not before,
    )


def timeline_entry(incident_id: int, key: str, *, now: datetime) -> TimelineEntry:
    """Return one entry, also one of those that another stands for.

    Raises IncidentNotFound, EntryNotFound.
    """
    of = scope(incident(incident_id), now=now)
    at = _moment(of, key)
    if at is not None:
        after = (at + timedelta(microseconds=1), 0)
        for entry in stretch(of, before=after, size=ENOUGH).entries:
            for one in (entry, *entry.folded):
                if one.key == key:
                    return one
    raise errors.EntryNotFound(incident_id=incident_id, entry=key[:40])


def require_entry(incident_id: int, key: str, *, now: datetime) -> None:
    """Raise EntryNotFound unless the timeline of the incident has an entry of this name."""
    if _moment(scope(incident(incident_id), now=now), key) is None:
        raise errors.EntryNotFound(incident_id=incident_id, entry=key[:40])


def _stretches(of: Scope, *, before: Place | None, size: int) -> Iterator[Stretch]:
    """Read backwards, stretch by stretch, until the beginning."""
    for _ in range(MOST_WINDOWS):
        part = stretch(of, before=before, size=size)
        yield part
        if part.earlier is None:
            return
        before = part.earlier


def _place(text: str | None) -> Place | None:
    if not text:
        return None
    found = place(text)
    if found is None:
        raise pages.BadCursor
    return found


def _is_shown(entry: TimelineEntry, wanted: Shown) -> bool:
    return (entry.pinned or not wanted.pinned) and wanted.kind in {None, entry.kind}


def _moment(of: Scope, text: str) -> datetime | None:
    """Return when an entry happened; None when the timeline has none of this name."""
    key = key_of(text)
    if key is None:
        return None
    if key.source is Source.NOTE:
        return _note_at(of, key.id)
    if key.source is Source.CHANGE:
        return next((one.at for one in changes_of(of) if one.id == key.id), None)
    fact = journal.one(key.id)
    return fact.at if fact and not set(fact.subjects).isdisjoint(of.subjects) else None


def _note_at(of: Scope, note_id: int) -> datetime | None:
    rows = Note.objects.filter(incident_id=of.view.id, id=note_id)
    return rows.values_list("happened_at", flat=True).first()
