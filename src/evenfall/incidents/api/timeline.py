"""The timeline over the API: read it, mark its entries, correct notes, keep images, export."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.incidents import actions, queries
from evenfall.incidents.api import schemas
from evenfall.incidents.api.routing import router
from evenfall.incidents.contexts import responder_of
from evenfall.incidents.logic.timeline import Kind, shown_of
from evenfall.incidents.queries import NoteView, VersionView
from evenfall.platform import files
from evenfall.platform.clock import utc_now
from evenfall.platform.files import Upload
from evenfall.platform.tables import csv_text

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_IMAGE = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The bytes of one PNG, JPEG, WebP or GIF of at most 5 MB.",
        "content": {"application/octet-stream": _IMAGE},
    }
}


class TimelineImageOut(Schema):
    """`data` is the base64 of the bytes, where they were asked for."""

    id: int
    name: str
    content_type: str
    width: int
    height: int
    size: int
    url: str
    data: str | None


class TimelineEntryOut(Schema):
    """`folded` holds the entries that this one stands for; `at` is when it happened."""

    key: str
    at: datetime
    kind: Kind
    who: str
    text: str
    why: str
    pinned: bool
    annotation: str
    annotated_by: str
    annotated_at: datetime | None
    written_at: datetime | None
    corrected_at: datetime | None
    struck_at: datetime | None
    images: list[TimelineImageOut]
    folded: list["TimelineEntryOut"]


class TimelineOut(Schema):
    """Oldest first; `next` leads to the page before this one in time."""

    items: list[TimelineEntryOut]
    next: str | None


class TimelineExportOut(Schema):
    incident: schemas.IncidentOut
    entries: list[TimelineEntryOut]


class NoteVersionOut(Schema):
    """`replaced_at` is None for the version that stands."""

    text: str
    happened_at: datetime
    author: str
    written_at: datetime
    replaced_at: datetime | None


class NoteVersionsOut(Schema):
    """The newest first."""

    items: list[NoteVersionOut]
    next: str | None = None


class PinIn(Schema):
    pinned: bool = True


class RemarkIn(Schema):
    """An empty text takes the remark away."""

    text: str


class NoteCorrectionIn(Schema):
    """Without `happened_at` the note keeps its time."""

    text: str
    happened_at: datetime | None = None


class StruckIn(Schema):
    struck: bool = True


@router.get("/incidents/{int:incident_id}/timeline", response=TimelineOut, auth=_VIEW)
def get_timeline(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    show: str = "all",
    cursor: str | None = None,
    limit: int = 200,
) -> dict[str, Any]:
    """The newest page of the timeline, oldest entry first; `show` is a kind, `pinned` or `all`."""
    page = queries.timeline_page(
        incident_id, now=utc_now(), shown=shown_of(show), before=cursor, size=limit
    )
    return {
        "items": [queries.entry_document(entry) for entry in page.entries],
        "next": page.earlier,
    }


@router.get("/incidents/{int:incident_id}/timeline.json", response=TimelineExportOut, auth=_VIEW)
def export_timeline_json(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    show: str = "all",
    images: bool = False,  # noqa: FBT001, FBT002 - a value of the address
) -> dict[str, Any]:
    """The whole timeline as one document; with `images=true` it holds the bytes of all images."""
    entries = queries.timeline(incident_id, shown=shown_of(show), now=utc_now())
    bodies = queries.image_bodies(incident_id) if images else {}
    return {
        "incident": queries.incident(incident_id),
        "entries": [queries.entry_document(entry, bodies) for entry in entries],
    }


@router.get("/incidents/{int:incident_id}/timeline.md", auth=_VIEW)
def export_timeline_markdown(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    show: str = "all",
) -> HttpResponse:
    """The same as Markdown; images are named by their address."""
    entries = queries.timeline(incident_id, shown=shown_of(show), now=utc_now())
    text = queries.timeline_markdown(queries.incident(incident_id), entries)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@router.get("/incidents/{int:incident_id}/timeline.csv", auth=_VIEW)
def export_timeline_csv(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    show: str = "all",
) -> HttpResponse:
    """The same as rows for a spreadsheet; no cell is a formula."""
    entries = queries.timeline(incident_id, shown=shown_of(show), now=utc_now())
    text = csv_text(queries.TIMELINE_HEADER, queries.timeline_rows(entries))
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@router.put(
    "/incidents/{int:incident_id}/timeline/{entry}/pin", response=TimelineEntryOut, auth=_RESPOND
)
def pin_entry(request: HttpRequest, incident_id: int, entry: str, body: PinIn) -> dict[str, Any]:
    """Say that an entry matters, or take that back; `entry` is its key, such as `fact-12`."""
    viewer, now = responder_of(request, incident_id), utc_now()
    actions.pin_entry(
        incident_id=incident_id, entry=entry, pinned=body.pinned, now=now, actor=viewer.actor
    )
    return queries.entry_document(queries.timeline_entry(incident_id, entry, now=now))


@router.put(
    "/incidents/{int:incident_id}/timeline/{entry}/remark",
    response=TimelineEntryOut,
    auth=_RESPOND,
)
def annotate_entry(
    request: HttpRequest, incident_id: int, entry: str, body: RemarkIn
) -> dict[str, Any]:
    """Put a short remark below an entry, in place of the one before."""
    viewer, now = responder_of(request, incident_id), utc_now()
    actions.annotate_entry(
        incident_id=incident_id, entry=entry, text=body.text, now=now, actor=viewer.actor
    )
    return queries.entry_document(queries.timeline_entry(incident_id, entry, now=now))


@router.put(
    "/incidents/{int:incident_id}/notes/{int:note_id}", response=schemas.NoteOut, auth=_RESPOND
)
def correct_note(
    request: HttpRequest, incident_id: int, note_id: int, body: NoteCorrectionIn
) -> NoteView:
    """Correct what a note says or when it happened; its versions are kept."""
    viewer = responder_of(request, incident_id)
    actions.correct_note(
        incident_id=incident_id, note_id=note_id, **dict(body), now=utc_now(), actor=viewer.actor
    )
    return queries.note(incident_id, note_id)


@router.put(
    "/incidents/{int:incident_id}/notes/{int:note_id}/struck",
    response=schemas.NoteOut,
    auth=_RESPOND,
)
def strike_note(request: HttpRequest, incident_id: int, note_id: int, body: StruckIn) -> NoteView:
    """Take a note back, or let it stand again; it is never gone."""
    viewer = responder_of(request, incident_id)
    actions.strike_note(
        incident_id=incident_id,
        note_id=note_id,
        struck=body.struck,
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.note(incident_id, note_id)


@router.get(
    "/incidents/{int:incident_id}/notes/{int:note_id}/versions",
    response=NoteVersionsOut,
    auth=_VIEW,
)
def list_note_versions(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    incident_id: int,
    note_id: int,
) -> dict[str, list[VersionView]]:
    """All that a note ever said, the newest first."""
    return {"items": queries.note_versions(incident_id, note_id)}


@router.post(
    "/incidents/{int:incident_id}/notes/{int:note_id}/images",
    response={201: schemas.NoteOut},
    auth=_RESPOND,
    openapi_extra=_BODY,
)
def attach_image(
    request: HttpRequest, incident_id: int, note_id: int, name: str = "image"
) -> Status[NoteView]:
    """Keep a copy of an image with a note; the body is the image itself."""
    viewer = responder_of(request, incident_id)
    actions.attach_images(
        incident_id=incident_id,
        note_id=note_id,
        images=[Upload(name=name, body=request.body)],
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.note(incident_id, note_id))


@router.get("/incidents/{int:incident_id}/images/{int:image_id}", auth=_VIEW)
def get_image(request: HttpRequest, incident_id: int, image_id: int) -> HttpResponse:
    """The bytes of an image."""
    return files.answer(request, queries.image(incident_id, image_id))
