"""The timeline of an incident: its story, its notes and what changed, as entries of one shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic.sentences import SYSTEM_NAME, Tone
from evenfall.incidents.logic.timeline import Key, Kind, Source, kind_of
from evenfall.incidents.queries.details import NoteView, incident, notes
from evenfall.incidents.queries.story import Told, incident_story

_NOTE_ADDED: Final = "incidents.note_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry; `at` is when it happened, aware UTC.

    `who` is the name of a person or a token, or "Evenfall". `text` is plain text, of a note its
    Markdown; `html` is a note's safe HTML and empty for everything else. `annotation` is a remark
    of `annotated_by`, empty when there is none. `folded` are the entries that this one stands for.
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
    image_ids: tuple[int, ...] = ()
    tone: Tone = Tone.PLAIN
    href: str = ""
    folded: tuple["TimelineEntry", ...] = ()


def timeline(incident_id: int, pinned_only: bool = False) -> list[TimelineEntry]:  # noqa: FBT001, FBT002 - reads well where it is called by name
    """Return the whole timeline, oldest first, without the notes that were struck out.

    Raises IncidentNotFound.
    """
    incident(incident_id)
    told = [one for one in incident_story(incident_id) if one.line.kind != _NOTE_ADDED]
    names = identity_queries.actor_names({one.line.actor for one in told})
    entries = [_of_fact(one, names) for one in told]
    entries += [_of_note(note) for note in notes(incident_id)]
    return sorted((e for e in entries if e.pinned or not pinned_only), key=lambda e: e.at)


def _of_fact(told: Told, names: dict[str, str]) -> TimelineEntry:
    line = told.line
    return TimelineEntry(
        key=str(Key(Source.FACT, line.id)),
        at=line.at,
        kind=kind_of(line.kind),
        who=names.get(line.actor, SYSTEM_NAME),
        text=line.text,
        why=line.why,
        tone=line.tone,
        href=told.href,
        folded=_all_of(told.folded, names),
    )


def _all_of(folded: Sequence[Told], names: dict[str, str]) -> tuple[TimelineEntry, ...]:
    return tuple(_of_fact(one, names) for one in folded)


def _of_note(note: NoteView) -> TimelineEntry:
    return TimelineEntry(
        key=str(Key(Source.NOTE, note.id)),
        at=note.written_at,
        kind=Kind.NOTES,
        who=note.author,
        text=note.text,
        html=note.html,
    )
