"""Stretches of a timeline: facts, notes and changes between two moments, as entries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypedDict

from msgspec import Struct

from evenfall.changes import queries as changes_queries
from evenfall.changes.queries import ChangeView
from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic.sentences import SYSTEM_NAME, Tone
from evenfall.incidents.logic.story import UNTOLD
from evenfall.incidents.logic.timeline import Key, Kind, Place, Source, kind_of
from evenfall.incidents.models import Mark
from evenfall.incidents.queries.details import service_ids
from evenfall.incidents.queries.notes import ImageView, NoteView, notes
from evenfall.incidents.queries.story import Told, subjects_of, told
from evenfall.incidents.queries.views import IncidentView
from evenfall.platform import journal

# What broke it was often changed a little before anybody noticed.
LEAD: Final = timedelta(hours=1)
MOST_CHANGES: Final = 200
_NOTE_ADDED: Final = "incidents.note_added"


class TimelineEntry(Struct, frozen=True, kw_only=True):
    """One entry; `at` is when it happened, aware UTC.

    `who` is the name of a person or a token, or "Evenfall". `text` is plain text, of a note its
    Markdown; `html` is a note's safe HTML and empty for everything else. `annotation` is a remark
    of `annotated_by`, empty when there is none. `folded` are the entries that this one stands for.
    `note` is the whole note where it is one.
    """

    key: str
    at: datetime
    kind: Kind
    who: str
    text: str
    why: str = ""
    html: str = ""
    pinned: bool = False
    annotation: str = ""
    annotated_by: str = ""
    annotated_at: datetime | None = None
    images: tuple[ImageView, ...] = ()
    tone: Tone = Tone.PLAIN
    href: str = ""
    folded: tuple["TimelineEntry", ...] = ()
    note: NoteView | None = None

    @property
    def words(self) -> str:
        """What happened and why, in one line."""
        return f"{self.text}: {self.why}" if self.why else self.text

    @property
    def image_ids(self) -> tuple[int, ...]:
        return tuple(image.id for image in self.images)

    @property
    def is_struck(self) -> bool:
        return self.note is not None and self.note.struck_at is not None


class _Marks(TypedDict):
    pinned: bool
    annotation: str
    annotated_by: str
    annotated_at: datetime | None


class Scope(Struct, frozen=True):
    """What is the same for all stretches of one timeline."""

    view: IncidentView
    subjects: Sequence[str]
    services: frozenset[int]
    marks: Mapping[str, Mark]
    until: datetime

    @property
    def marked(self) -> set[int]:
        keys = (key.partition("-") for key in self.marks)
        return {int(number) for source, _, number in keys if source == Source.FACT}


class Stretch(Struct, frozen=True):
    """Entries, oldest first, and where the stretch before them ends; None at the beginning."""

    entries: Sequence[TimelineEntry]
    earlier: Place | None


def scope(
    view: IncidentView, *, now: datetime | None = None, subjects: Sequence[str] = ()
) -> Scope:
    """Read what all stretches need; `subjects` are the incident and its pages, if known already.

    Without `now`, changes are read until anything moved last.
    """
    ended = None if view.is_live else view.resolved_at
    return Scope(
        view=view,
        subjects=subjects or subjects_of(view.id),
        services=service_ids(view),
        marks={mark.entry: mark for mark in Mark.objects.filter(incident_id=view.id)},
        until=ended or now or view.changed_at,
    )


def stretch(of: Scope, *, before: Place | None, size: int) -> Stretch:
    """Return up to `size` facts with the notes and changes of the same time.

    A fixed number of queries, however much happened.
    """
    # in a storm most facts say only that what a page says has changed
    facts = journal.stretch(of.subjects, before=before, without=UNTOLD, limit=size + 1)
    is_more, facts = len(facts) > size, facts[:size]
    since = facts[-1].at if is_more else None
    until = before[0] if before else None
    lines = [one for one in told(facts, of.view.subject, marked=of.marked) if _is_entry(one)]
    changes = changes_of(of, since=since, until=until)
    names = identity_queries.actor_names(_actors(of, lines, changes))
    entries = [
        *(_of_fact(of, one, names) for one in lines),
        *(_of_note(of, note, names) for note in notes(of.view.id, since=since, until=until)),
        *(_of_change(of, change, names) for change in changes),
    ]
    earlier = (facts[-1].at, facts[-1].id) if is_more else None
    return Stretch(sorted(entries, key=lambda entry: entry.at), earlier)


def changes_of(
    of: Scope, *, since: datetime | None = None, until: datetime | None = None
) -> list[ChangeView]:
    """Return what changed at the services of an incident from an hour before it until its end."""
    begins = max(of.view.opened_at - LEAD, since or of.view.opened_at - LEAD)
    ends = min(of.until, until or of.until)
    if not of.services or begins >= ends:
        return []
    return changes_queries.changes_between(
        of.services, since=begins, until=ends, limit=MOST_CHANGES
    )


def _is_entry(one: Told) -> bool:
    """Notes come from their own table, as they read now."""
    return one.line.kind != _NOTE_ADDED


def _actors(of: Scope, lines: Iterable[Told], changes: Iterable[ChangeView]) -> set[str]:
    return {
        *(one.line.actor for one in lines),
        *(change.actor for change in changes),
        *(mark.remark_actor for mark in of.marks.values()),
    }


def _of_fact(of: Scope, one: Told, names: Mapping[str, str]) -> TimelineEntry:
    line = one.line
    folded = tuple(_of_fact(of, inner, names) for inner in one.folded)
    return TimelineEntry(
        key=str(Key(Source.FACT, line.id)),
        at=line.at,
        kind=kind_of(line.kind),
        who=names.get(line.actor, SYSTEM_NAME),
        text=line.text,
        why=line.why,
        tone=line.tone,
        href=one.href,
        folded=folded,
        **_said(of, [line.id, *(inner.line.id for inner in one.folded)], names),
    )


def _of_note(of: Scope, note: NoteView, names: Mapping[str, str]) -> TimelineEntry:
    return TimelineEntry(
        key=str(Key(Source.NOTE, note.id)),
        at=note.happened_at,
        kind=Kind.NOTES,
        who=note.author,
        text=note.text,
        html=note.html,
        images=note.images,
        note=note,
        **_marked(of, [str(Key(Source.NOTE, note.id))], names),
    )


def _of_change(of: Scope, change: ChangeView, names: Mapping[str, str]) -> TimelineEntry:
    key = str(Key(Source.CHANGE, change.id))
    origin = f" from {change.source}" if change.source else ""
    return TimelineEntry(
        key=key,
        at=change.at,
        kind=Kind.CHANGES,
        who=names.get(change.actor, SYSTEM_NAME),
        text=change.summary,
        why=f"{change.kind.value.capitalize()}{origin}",
        tone=Tone.ACCENT,
        href=next((link["href"] for link in change.links if link.get("href")), ""),
        **_marked(of, [key], names),
    )


def _said(of: Scope, fact_ids: Iterable[int], names: Mapping[str, str]) -> _Marks:
    return _marked(of, (str(Key(Source.FACT, number)) for number in fact_ids), names)


def _marked(of: Scope, keys: Iterable[str], names: Mapping[str, str]) -> _Marks:
    """What was said about an entry; about one that stands for several, what any of them has."""
    marks = [of.marks[key] for key in keys if key in of.marks] if of.marks else []
    remarked = next((mark for mark in marks if mark.remark), None)
    return {
        "pinned": any(mark.is_pinned for mark in marks),
        "annotation": remarked.remark if remarked else "",
        "annotated_by": names.get(remarked.remark_actor, SYSTEM_NAME) if remarked else "",
        "annotated_at": remarked.remarked_at if remarked else None,
    }
