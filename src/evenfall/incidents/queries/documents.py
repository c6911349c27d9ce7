"""A timeline as a document: Markdown to write about it, JSON for tools, rows for spreadsheets.

All times are UTC and say so. Images are named by their address; JSON holds their bytes on request.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from evenfall.incidents.queries.notes import ImageView
from evenfall.incidents.queries.stretches import TimelineEntry
from evenfall.incidents.queries.views import IncidentView

HEADER: Final = (
    "time_utc",
    "kind",
    "who",
    "text",
    "why",
    "pinned",
    "remark",
    "remark_by",
    "written_utc",
    "images",
)


def image_url(image: ImageView) -> str:
    """Return the whole address of an image; it answers whoever may see the incident."""
    return f"{settings.EVENFALL.public_url}{image.href}"


def timeline_markdown(view: IncidentView, entries: Iterable[TimelineEntry]) -> str:
    """Return the timeline as Markdown, one item for each entry."""
    head = f"# Incident {view.id}: {plain(view.title)}\n\nAll times are UTC.\n\n"
    return head + "\n".join(markdown_lines(entries)) + "\n"


def markdown_lines(entries: Iterable[TimelineEntry]) -> list[str]:
    """Return the items of a Markdown list; what belongs to an entry is indented below it."""
    return [line for entry in entries for line in _item(entry)]


def timeline_rows(entries: Iterable[TimelineEntry]) -> list[list[str]]:
    """Return one row for each entry, in the order of `HEADER`."""
    return [
        [
            _iso(entry.at),
            entry.kind.value,
            entry.who,
            entry.text,
            entry.why,
            "yes" if entry.pinned else "no",
            entry.annotation,
            entry.annotated_by,
            _iso(entry.note.written_at) if entry.note else "",
            " ".join(image_url(image) for image in entry.images),
        ]
        for entry in entries
    ]


def entry_document(
    entry: TimelineEntry, bodies: Mapping[int, bytes] | None = None
) -> dict[str, Any]:
    """Return an entry as plain JSON values, its images with their bytes where `bodies` has them."""
    note = entry.note
    return {
        "key": entry.key,
        "at": _iso(entry.at),
        "kind": entry.kind.value,
        "who": entry.who,
        "text": entry.text,
        "why": entry.why,
        "pinned": entry.pinned,
        "annotation": entry.annotation,
        "annotated_by": entry.annotated_by,
        "annotated_at": _iso(entry.annotated_at) if entry.annotated_at else None,
        "written_at": _iso(note.written_at) if note else None,
        "corrected_at": _iso(note.corrected_at) if note and note.corrected_at else None,
        "struck_at": _iso(note.struck_at) if note and note.struck_at else None,
        "images": [image_document(image, bodies or {}) for image in entry.images],
        "folded": [entry_document(inner) for inner in entry.folded],
    }


def image_document(image: ImageView, bodies: Mapping[int, bytes]) -> dict[str, Any]:
    """Return an image as plain JSON values; `data` is its base64, or None."""
    body = bodies.get(image.id)
    return {
        "id": image.id,
        "name": image.name,
        "content_type": image.content_type.value,
        "width": image.width,
        "height": image.height,
        "size": image.size,
        "url": image_url(image),
        "data": None if body is None else base64.b64encode(body).decode(),
    }


def plain(text: str) -> str:
    """Keep what somebody else wrote from becoming markup of the document."""
    folded = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in folded)


def utc(at: datetime) -> str:
    """Return a time as people read it: "2026-03-02 09:00:00Z"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def _item(entry: TimelineEntry) -> Sequence[str]:
    pin = "📌 " if entry.pinned else ""
    first = f"- {pin}{utc(entry.at)} {_words(entry)}"
    if not entry.annotation:
        return [first, *_below(entry)]
    remark = f"  - {plain(entry.annotated_by)} remarked: {plain(entry.annotation)}"
    return [first, *_below(entry), remark]


def _words(entry: TimelineEntry) -> str:
    if entry.note:
        return f"{plain(entry.who)} noted:"
    why = f" ({plain(entry.why)})" if entry.why else ""
    return f"{plain(entry.text)}{why}"


def _below(entry: TimelineEntry) -> Iterable[str]:
    """A note keeps its own Markdown, as a quotation, so that it cannot change what is around it."""
    if entry.note:
        yield from ("", *(f"  > {line}".rstrip() for line in entry.text.splitlines()))
    for image in entry.images:
        yield from ("", f"  ![{plain(image.name)}]({image_url(image)})")
    if entry.note:
        yield ""


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
