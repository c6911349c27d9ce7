"""Images and documents of a post-mortem: their list, their bytes, and where a text shows them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.documents import ENDINGS, DocumentType
from evenfall.platform.files import StoredFile
from evenfall.platform.markdown import Finder, Kept
from evenfall.platform.pictures import ContentType
from evenfall.postmortems import errors
from evenfall.postmortems.logic import attachments as logic
from evenfall.postmortems.logic.states import SHARED
from evenfall.postmortems.models import Attachment
from evenfall.postmortems.queries.sight import seen

_PICTURES = frozenset(one.value for one in ContentType)
_SHARED = [state.value for state in SHARED]


class AttachmentView(Struct, frozen=True, kw_only=True):
    """A file without its bytes; `size` in bytes, `width` and `height` in points, 0 for documents.

    `author` and `removed_by` are names; `removed_at` is None while it is kept.
    """

    id: int
    postmortem_id: int
    name: str
    content_type: str
    width: int
    height: int
    size: int
    is_public: bool
    author: str
    attached_at: datetime
    removed_by: str = ""
    removed_at: datetime | None = None

    @property
    def is_picture(self) -> bool:
        return self.content_type in _PICTURES

    @property
    def href(self) -> str:
        return f"/postmortems/{self.postmortem_id}/attachments/{self.id}/"

    @property
    def mark(self) -> str:
        """What a writer puts into a text to show it there."""
        return logic.mark(self.name, self.id, is_picture=self.is_picture)

    @property
    def label(self) -> str:
        """Its kind in a word."""
        if self.is_picture:
            return "image"
        kind = DocumentType(self.content_type)
        return "text" if kind is DocumentType.TEXT else ENDINGS[kind].upper()


def attachments(postmortem_id: int) -> list[AttachmentView]:
    """What is kept, oldest first, then what was removed."""
    rows = Attachment.objects.filter(postmortem_id=postmortem_id)
    views = _views(seen(rows, "postmortem__incident_id"))
    return sorted(views, key=lambda one: one.removed_at is not None)


def public_attachments(postmortem_id: int) -> list[AttachmentView]:
    """What readers of the public text may see, whoever asks, oldest first."""
    return _views(Attachment.objects.filter(postmortem_id=postmortem_id, is_public=True))


def attachment(postmortem_id: int, attachment_id: int) -> AttachmentView:
    """Raises AttachmentNotFound, also for one that was removed."""
    for one in attachments(postmortem_id):
        if one.id == attachment_id and one.removed_at is None:
            return one
    raise errors.AttachmentNotFound(attachment_id=attachment_id)


def attachment_file(postmortem_id: int, attachment_id: int) -> StoredFile:
    """Its bytes, for whoever may see the post-mortem. Raises AttachmentNotFound."""
    rows = Attachment.objects.filter(
        postmortem_id=postmortem_id, id=attachment_id, removed_at__isnull=True
    )
    row = seen(rows, "postmortem__incident_id").first()
    if row is None:
        raise errors.AttachmentNotFound(attachment_id=attachment_id)
    return _file(row)


def public_file(slug: str, attachment_id: int) -> StoredFile:
    """Its bytes, for everybody, while it and the public text are public.

    Raises AttachmentNotFound.
    """
    row = Attachment.objects.filter(
        id=attachment_id,
        is_public=True,
        postmortem__publication__slug=slug,
        postmortem__is_public=True,
        postmortem__state__in=_SHARED,
    ).first()
    if row is None:
        raise errors.AttachmentNotFound(attachment_id=attachment_id)
    return _file(row)


def attachment_bodies(attachment_ids: Collection[int]) -> dict[int, bytes]:
    """The bytes of these, at most 100 MB of one post-mortem."""
    rows = Attachment.objects.filter(id__in=attachment_ids).values_list("id", "body")
    return {number: bytes(body) for number, body in rows if body is not None}


def finder(postmortem_id: int, *texts: str) -> Finder | None:
    """How texts of this post-mortem find its files; None, and no query, where they name none."""
    if not any(map(logic.numbers_in, texts)):
        return None
    return finder_of(attachments(postmortem_id))


def public_finder(postmortem_id: int, slug: str, text: str) -> Finder | None:
    """The same for the public text: only what is public, at its public address."""
    if not logic.numbers_in(text):
        return None
    return finder_of(public_attachments(postmortem_id), base=public_base(slug))


def public_base(slug: str) -> str:
    """Below which address readers of a public text get its files."""
    return f"/lessons/{slug}/attachments/"


def finder_of(
    found: Iterable[AttachmentView], *, base: str = "", widest: int | None = None
) -> Finder:
    """Finds these by `attachment:7`; another number is a file that nobody gets here.

    Images are drawn at most `widest` points wide, where no style sheet does it.
    """
    kept = {one.id: _kept(one, base, widest) for one in found if one.removed_at is None}

    def find(address: str) -> Kept | None:
        number = logic.number_of(address)
        return None if number is None else kept.get(number, Kept(href=""))

    return find


def public_url(view: AttachmentView) -> str:
    """The whole address for colleagues."""
    return f"{settings.EVENFALL.public_url}{view.href}"


def _kept(one: AttachmentView, base: str, widest: int | None) -> Kept:
    href = f"{base}{one.id}/" if base else one.href
    if widest is None or one.width <= widest:
        return Kept(href=href, width=one.width, height=one.height)
    return Kept(href=href, width=widest, height=max(1, one.height * widest // one.width))


def _views(rows: QuerySet[Attachment]) -> list[AttachmentView]:
    """Two queries however many, one for none."""
    found = list(rows.defer("body").order_by("id"))
    if not found:
        return []
    names = identity_queries.actor_names({a for r in found for a in (r.actor, r.removed_by) if a})
    return [_view(row, names) for row in found]


def _view(row: Attachment, names: Mapping[str, str]) -> AttachmentView:
    return AttachmentView(
        id=row.pk,
        postmortem_id=row.postmortem_id,
        name=row.name,
        content_type=row.content_type,
        width=row.width,
        height=row.height,
        size=row.size,
        is_public=row.is_public,
        author=names.get(row.actor, row.actor),
        attached_at=row.attached_at,
        removed_by=names.get(row.removed_by, row.removed_by),
        removed_at=row.removed_at,
    )


def _file(row: Attachment) -> StoredFile:
    return StoredFile(
        name=row.name,
        content_type=row.content_type,
        body=bytes(row.body or b""),
        digest=bytes(row.digest),
        is_picture=row.content_type in _PICTURES,
    )
