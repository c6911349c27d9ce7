"""Notes with their images and with what they said before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors
from evenfall.incidents.models import Note, NoteImage, NoteVersion
from evenfall.incidents.queries.sight import hidden
from evenfall.platform.files import StoredFile
from evenfall.platform.pictures import ContentType


class ImageView(Struct, frozen=True, kw_only=True):
    """An image without its bytes; `size` in bytes, `width` and `height` in points."""

    id: int
    incident_id: int
    name: str
    content_type: ContentType
    width: int
    height: int
    size: int

    @property
    def href(self) -> str:
        return f"/incidents/{self.incident_id}/images/{self.id}/"


class NoteView(Struct, frozen=True, kw_only=True):
    """`html` is safe to show; `author` is the name of a person, a token or "Evenfall".

    `happened_at` is when what it tells took place; `corrected_by` and `struck_by` are names, empty
    where that did not happen.
    """

    id: int
    author: str
    text: str
    html: str
    written_at: datetime
    happened_at: datetime
    corrected_at: datetime | None = None
    corrected_by: str = ""
    struck_at: datetime | None = None
    struck_by: str = ""
    images: tuple[ImageView, ...] = ()


class VersionView(Struct, frozen=True, kw_only=True):
    """What a note said from `written_at`, by `author`; the one that stands has no end."""

    text: str
    happened_at: datetime
    author: str
    written_at: datetime
    replaced_at: datetime | None


def notes(
    incident_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> list[NoteView]:
    """Return the notes by the time they were written; half-open limits of when it happened."""
    limits = {"happened_at__gte": since, "happened_at__lt": until}
    given = {name: value for name, value in limits.items() if value is not None}
    return _views(list(Note.objects.filter(incident_id=incident_id, **given).order_by("id")))


def note(incident_id: int, note_id: int) -> NoteView:
    """Raises NoteNotFound."""
    found = _views(list(Note.objects.filter(incident_id=incident_id, id=note_id)))
    if not found:
        raise errors.NoteNotFound(incident_id=incident_id, note_id=note_id)
    return found[0]


def note_versions(incident_id: int, note_id: int) -> list[VersionView]:
    """Return all that a note said, the newest first. Raises NoteNotFound."""
    rows = Note.objects.filter(incident_id=incident_id, id=note_id)
    row = rows.exclude(incident_id__in=hidden()).first()
    if row is None:
        raise errors.NoteNotFound(incident_id=incident_id, note_id=note_id)
    old = list(NoteVersion.objects.filter(note=row).order_by("-id"))
    actors = {row.corrected_by or row.actor, *(one.actor for one in old)}
    names = identity_queries.actor_names(actors)
    author = row.corrected_by or row.actor
    standing = VersionView(
        text=row.text,
        happened_at=row.happened_at,
        author=names.get(author, author),
        written_at=row.corrected_at or row.written_at,
        replaced_at=None,
    )
    return [standing, *(_version(one, names) for one in old)]


def image(incident_id: int, image_id: int) -> StoredFile:
    """Raises ImageNotFound."""
    rows = NoteImage.objects.filter(note__incident_id=incident_id, id=image_id)
    row = rows.exclude(note__incident_id__in=hidden()).first()
    if row is None:
        raise errors.ImageNotFound(incident_id=incident_id, image_id=image_id)
    return StoredFile(
        name=row.name,
        content_type=row.content_type,
        body=bytes(row.body),
        digest=bytes(row.digest),
    )


def image_bodies(incident_id: int) -> dict[int, bytes]:
    """Return the bytes of all images of an incident, at most 100 MB."""
    rows = NoteImage.objects.filter(note__incident_id=incident_id)
    return {image_id: bytes(body) for image_id, body in rows.values_list("id", "body")}


def _views(rows: Sequence[Note]) -> list[NoteView]:
    """Two queries however many notes, none for no note."""
    if not rows:
        return []
    names = identity_queries.actor_names(_actors(rows))
    images = _images(rows)
    return [_view(row, names, images.get(row.pk, ())) for row in rows]


def _actors(rows: Iterable[Note]) -> set[str]:
    return {actor for row in rows for actor in (row.actor, row.corrected_by, row.struck_by)}


def _images(rows: Collection[Note]) -> Mapping[int, Sequence[ImageView]]:
    of_note: dict[int, list[ImageView]] = defaultdict(list)
    incidents = {row.pk: row.incident_id for row in rows}
    kept = NoteImage.objects.filter(note_id__in=incidents).defer("body").order_by("id")
    for row in kept:
        of_note[row.note_id].append(_image(row, incidents[row.note_id]))
    return of_note


def _view(row: Note, names: Mapping[str, str], images: Sequence[ImageView]) -> NoteView:
    return NoteView(
        id=row.pk,
        author=names.get(row.actor, row.actor),
        text=row.text,
        html=row.html,
        written_at=row.written_at,
        happened_at=row.happened_at,
        corrected_at=row.corrected_at,
        corrected_by=names.get(row.corrected_by, row.corrected_by),
        struck_at=row.struck_at,
        struck_by=names.get(row.struck_by, row.struck_by),
        images=tuple(images),
    )


def _version(row: NoteVersion, names: Mapping[str, str]) -> VersionView:
    return VersionView(
        text=row.text,
        happened_at=row.happened_at,
        author=names.get(row.actor, row.actor),
        written_at=row.written_at,
        replaced_at=row.replaced_at,
    )


def _image(row: NoteImage, incident_id: int) -> ImageView:
    return ImageView(
        id=row.pk,
        incident_id=incident_id,
        name=row.name,
        content_type=ContentType(row.content_type),
        width=row.width,
        height=row.height,
        size=row.size,
    )
