"""What people write into the timeline: notes, their corrections, images.

A note is never lost: what it said before it was corrected stays with it, and one that was taken
back is struck out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, Note, NoteImage, NoteVersion
from evenfall.platform import markdown, pictures
from evenfall.platform.files import Upload, digest_of

NOTE_LENGTH: Final = 20_000
# The screen of a 4K monitor is about 3 MB as PNG; larger ones are photographs nobody shrank.
IMAGE_SIZE: Final = 5 * 1024 * 1024
# Images live in the database, so that its backup holds them: an incident adds 100 MB at most.
MOST_IMAGES: Final = 20
# Clocks of people's devices are not exactly ours.
AHEAD: Final = timedelta(minutes=5)


def add_note(
    *,
    incident_id: int,
    text: str,
    user_id: int | None,
    now: datetime,
    actor: str,
    happened_at: datetime | None = None,
    images: Sequence[Upload] = (),
) -> int:
    """Write a note (Markdown, no HTML) and return its id; it counts as a sign of life.

    With images the text may be empty. Raises IncidentNotFound, NotPossible (merged), NoteEmpty,
    NoteTooLong, NoteAhead, ImageTooLarge, NotAnImage, TooManyImages.
    """
    written = _text(text, may_be_empty=bool(images))
    with transaction.atomic():
        incident = changeable(incident_id)
        by = By(actor=actor, at=now, user_id=user_id)
        note = Note.objects.create(
            incident=incident,
            author_id=user_id,
            actor=actor,
            text=written,
            html=markdown.to_html(written),
            written_at=now,
            happened_at=_happened(happened_at or now, now=now),
        )
        fact = events.NoteAdded(
            **moving.about(incident, by), note_id=note.pk, text=one_line(written, length=500)
        )
        moving.save([incident], [fact, *_attach(incident, note, images, by)], now=now)
        calling.keep_alive(incident, now=now)
        return note.pk


def correct_note(
    *,
    incident_id: int,
    note_id: int,
    text: str,
    now: datetime,
    actor: str,
    happened_at: datetime | None = None,
) -> None:
    """Say it better, or when it really happened (None keeps the time); the old words are kept.

    Raises IncidentNotFound, NotPossible (merged), NoteNotFound, NoteStruckOut, NoteEmpty,
    NoteTooLong, NoteAhead.
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        note = _standing(incident, note_id)
        written = _text(text, may_be_empty=note.images.exists())
        happened = _happened(happened_at or note.happened_at, now=now)
        if (written, happened) == (note.text, note.happened_at):
            return
        _keep_version(note, now=now)
        note.text, note.html, note.happened_at = written, markdown.to_html(written), happened
        note.corrected_at, note.corrected_by = now, actor
        note.save(update_fields=["text", "html", "happened_at", "corrected_at", "corrected_by"])
        fact = events.NoteCorrected(
            **moving.about(incident, By(actor=actor, at=now)),
            note_id=note.pk,
            text=one_line(written, length=500),
        )
        moving.save([incident], [fact], now=now)


def strike_note(
    *, incident_id: int, note_id: int, now: datetime, actor: str, struck: bool = True
) -> None:
    """Take a note back, or with `struck=False` let it stand again; twice is not an error.

    Raises IncidentNotFound, NotPossible (merged), NoteNotFound.
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        note = _note(incident, note_id)
        if (note.struck_at is not None) == struck:
            return
        note.struck_at, note.struck_by = (now, actor) if struck else (None, "")
        note.save(update_fields=["struck_at", "struck_by"])
        fact = events.NoteStruck(
            **moving.about(incident, By(actor=actor, at=now)), note_id=note.pk, withdrawn=not struck
        )
        moving.save([incident], [fact], now=now)


def attach_images(
    *, incident_id: int, note_id: int, images: Sequence[Upload], now: datetime, actor: str
) -> None:
    """Keep copies of these images with a note. One that the note has already is not kept twice.

    Raises IncidentNotFound, NotPossible (merged), NoteNotFound, NoteStruckOut, ImageTooLarge,
    NotAnImage, TooManyImages.
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        note = _standing(incident, note_id)
        facts = _attach(incident, note, images, By(actor=actor, at=now))
        moving.save([incident], facts, now=now)


def _text(text: str, *, may_be_empty: bool) -> str:
    written = text.strip()
    if not written and not may_be_empty:
        raise errors.NoteEmpty(field="text")
    if len(written) > NOTE_LENGTH:
        raise errors.NoteTooLong(field="text", most=NOTE_LENGTH)
    return written


def _happened(at: datetime, *, now: datetime) -> datetime:
    if at > now + AHEAD:
        raise errors.NoteAhead(field="happened_at")
    return at


def _note(incident: Incident, note_id: int) -> Note:
    note = Note.objects.filter(incident=incident, id=note_id).first()
    if note is None:
        raise errors.NoteNotFound(incident_id=incident.pk, note_id=note_id)
    return note


def _standing(incident: Incident, note_id: int) -> Note:
    note = _note(incident, note_id)
    if note.struck_at is not None:
        raise errors.NoteStruckOut(note_id=note_id)
    return note


def _keep_version(note: Note, *, now: datetime) -> None:
    NoteVersion.objects.create(
        note=note,
        text=note.text,
        happened_at=note.happened_at,
        actor=note.corrected_by or note.actor,
        written_at=note.corrected_at or note.written_at,
        replaced_at=now,
    )


def _attach(
    incident: Incident, note: Note, images: Sequence[Upload], by: By
) -> list[events.IncidentEvent]:
    if len(images) > MOST_IMAGES:
        raise errors.TooManyImages(field="images", most=MOST_IMAGES, kept=0)
    rows = {bytes(row.digest): row for row in (_image(note, one, by) for one in images)}
    for known in note.images.filter(digest__in=rows).values_list("digest", flat=True):
        del rows[bytes(known)]
    if not rows:
        return []
    kept = NoteImage.objects.filter(note__incident=incident).count()
    if kept + len(rows) > MOST_IMAGES:
        raise errors.TooManyImages(field="images", most=MOST_IMAGES, kept=kept)
    made = NoteImage.objects.bulk_create(rows.values())
    return [
        events.ImagesAttached(
            **moving.about(incident, by),
            note_id=note.pk,
            image_ids=tuple(row.pk for row in made),
            count=len(made),
        )
    ]


def _image(note: Note, upload: Upload, by: By) -> NoteImage:
    if len(upload.body) > IMAGE_SIZE:
        raise errors.ImageTooLarge(field="images", name=upload.name[:80], most=IMAGE_SIZE >> 20)
    seen = pictures.picture(upload.body)
    if seen is None:
        raise errors.NotAnImage(field="images", name=upload.name[:80])
    return NoteImage(
        note=note,
        name=pictures.file_name(upload.name, seen.content_type),
        content_type=seen.content_type.value,
        width=seen.width,
        height=seen.height,
        size=len(upload.body),
        digest=digest_of(upload.body),
        body=upload.body,
        actor=by.actor,
        attached_at=by.at,
    )
