"""Readers of the journal: timelines, audit, "why was I (not) paged"."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from msgspec import Struct

from evenfall.platform.database import planned_anew
from evenfall.platform.models import JournalEntry

_COLUMNS: Final = ("id", "at", "kind", "subjects", "actor", "data")
_columns_of: Final = attrgetter(*_COLUMNS)
_NEWEST: Final = """
SELECT wanted.subject AS wanted, fact.*
  FROM unnest(%s::text[], %s::timestamptz[]) AS wanted (subject, since),
       LATERAL (
           SELECT * FROM platform_journal
            WHERE subjects @> ARRAY[wanted.subject] AND at > wanted.since
            ORDER BY id DESC LIMIT %s
       ) AS fact
 ORDER BY fact.id DESC
"""
_NEWEST_OF_KINDS: Final = """
SELECT * FROM platform_journal WHERE id = ANY(ARRAY(
    SELECT fact.id
      FROM unnest(%s::text[]) AS wanted (kind), LATERAL ({facts}) AS fact
     ORDER BY fact.id DESC LIMIT %s
)) ORDER BY id DESC
"""


class Entry(Struct, frozen=True, kw_only=True):
    """One fact as stored. ``data`` holds the event's own fields."""

    id: int
    at: datetime
    kind: str
    subjects: tuple[str, ...]
    actor: str
    data: dict[str, Any]


def entries(*, subject: str, after_id: int = 0, limit: int = 500) -> list[Entry]:
    """Return what is known about a subject, oldest first."""
    rows = JournalEntry.objects.filter(subjects__contains=[subject], id__gt=after_id)
    return _entries(rows.order_by("id")[:limit])


def recent(  # one reader for the audit page and the API
    *,
    kinds: Collection[str] | None = None,
    actor: str | None = None,
    subject: str | None = None,
    without: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Return the newest facts first; ``before_id`` is the keyset cursor, times are half-open.

    Facts about any of the subjects in ``without`` are left out. One query.
    """
    filters: dict[str, Any] = {
        "kind__in": None if subject is None else kinds,
        "actor": actor,
        "subjects__contains": None if subject is None else [subject],
        "at__gte": since,
        "at__lt": until,
        "id__lt": before_id,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    rows = JournalEntry.objects.filter(**given)
    if without:
        rows = rows.exclude(subjects__overlap=list(without))
    with planned_anew():  # how much the filters leave, a plan made for any of them cannot know
        if kinds is not None and subject is None:
            return _newest_of_kinds(rows, kinds, limit)
        return _entries(rows.order_by("-id")[:limit])


def _newest_of_kinds(
    rows: QuerySet[JournalEntry], kinds: Collection[str], limit: int
) -> list[Entry]:
    """Look into the index once for each kind: all may lie far behind the newest facts."""
    facts = rows.filter(kind=RawSQL("wanted.kind", [])).order_by("-id").values("id")[:limit]
    statement, told = facts.query.sql_with_params()
    found = JournalEntry.objects.raw(
        _NEWEST_OF_KINDS.format(facts=statement), [list(kinds), *told, limit]
    )
    return [_entry(*_columns_of(row)) for row in found]


def about(
    subjects: Collection[str],
    *,
    kinds: Collection[str],
    since: datetime,
    until: datetime,
) -> list[Entry]:
    """Return the facts of these kinds about any of the subjects, oldest first; half-open times."""
    rows = JournalEntry.objects.filter(
        subjects__overlap=list(subjects), kind__in=kinds, at__gte=since, at__lt=until
    )
    return _entries(rows.order_by("id"))


def stretch(
    subjects: Collection[str],
    *,
    before: tuple[datetime, int] | None = None,
    without: Collection[str] = (),
    limit: int = 500,
) -> list[Entry]:
    """Return facts about any of the subjects, the newest by time first; of any but some kinds.

    ``before`` is the keyset cursor: the time and the id of the last one that is known already.
    """
    rows = JournalEntry.objects.filter(subjects__overlap=list(subjects))
    if before is not None:
        at, known = before
        rows = rows.filter(at__lte=at).exclude(at=at, id__gte=known)
    if without:
        rows = rows.exclude(kind__in=without)
    return _entries(rows.order_by("-at", "-id")[:limit])


def newest_about(since: Mapping[str, datetime], *, limit: int) -> dict[str, list[Entry]]:
    """Return the newest facts about each subject after its own time; at most `limit` of each.

    One query, however many subjects; each of them is one look into the index.
    """
    if not since:
        return {}
    found: dict[str, list[Entry]] = {}
    rows = JournalEntry.objects.raw(_NEWEST, [list(since), list(since.values()), limit])
    for row in rows:
        found.setdefault(vars(row)["wanted"], []).append(_entry(*_columns_of(row)))
    return found


def one(entry_id: int) -> Entry | None:
    """Return one fact; None when there is none."""
    return next(iter(_entries(JournalEntry.objects.filter(id=entry_id))), None)


def changed_fields(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return ``{field: (old, new)}`` for the fields that differ."""
    names = dict.fromkeys([*before, *after])
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _entries(rows: QuerySet[JournalEntry]) -> list[Entry]:
    """Rows without the model around them: a story is hundreds."""
    return [_entry(*row) for row in rows.values_list(*_COLUMNS)]


def _entry(
    number: int, at: datetime, kind: str, subjects: Sequence[str], actor: str, data: dict[str, Any]
) -> Entry:
    return Entry(id=number, at=at, kind=kind, subjects=tuple(subjects), actor=actor, data=data)
