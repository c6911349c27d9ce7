"""Images and documents: copies that are kept with a post-mortem, so that no link to them can die.

What was removed is gone for good, but who removed what stays: a row without bytes, and the journal.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.platform import documents, pictures
from evenfall.platform.events import publish
from evenfall.platform.files import Upload, digest_of
from evenfall.postmortems import errors, events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.actions.sharing import draw_again
from evenfall.postmortems.logic.states import EDITABLE
from evenfall.postmortems.models import Attachment, Postmortem

# As for images of a timeline: a 4K screen is about 3 MB as PNG.
FILE_SIZE: Final = 5 * 1024 * 1024
# Files live in the database, so that its backup holds them: a post-mortem adds 100 MB at most.
MOST_FILES: Final = 20
_SHOWN: Final = 80


@transaction.atomic
def attach_files(
    *, postmortem_id: int, files: Sequence[Upload], now: datetime, actor: str
) -> list[int]:
    """Keep copies of these files and return their numbers, in the order given.

    One that is there already is not kept twice. Locks the post-mortem. Raises PostmortemNotFound,
    NotEditable, FileMissing, FileTooLarge, FileNotUsable, TooManyFiles.
    """
    row = loading.lock(postmortem_id)
    if row.state not in EDITABLE:
        raise errors.NotEditable(postmortem_id=postmortem_id, state=row.state.replace("_", " "))
    if not files:
        raise errors.FileMissing(field="files")
    if len(files) > MOST_FILES:
        raise errors.TooManyFiles(most=MOST_FILES, kept=0)
    wanted = [_attachment(row, one, now=now, actor=actor) for one in files]
    known = _standing(row)
    fresh = list({bytes(one.digest): one for one in wanted if one.digest not in known}.values())
    if len(known) + len(fresh) > MOST_FILES:
        raise errors.TooManyFiles(most=MOST_FILES, kept=len(known))
    made = Attachment.objects.bulk_create(fresh)
    known |= {bytes(one.digest): one.pk for one in made}
    if made:
        publish(_attached(row, made, now=now, actor=actor))
    return list(dict.fromkeys(known[bytes(one.digest)] for one in wanted))


@transaction.atomic
def share_attachment(
    *, postmortem_id: int, attachment_id: int, is_public: bool, now: datetime, actor: str
) -> None:
    """Show it to those who read the public text, or to nobody outside any more.

    Locks the post-mortem. Raises PostmortemNotFound, AttachmentNotFound.
    """
    row = loading.lock(postmortem_id)
    attachment = _one(row, attachment_id)
    if attachment.is_public == is_public:
        return
    Attachment.objects.filter(id=attachment.pk).update(is_public=is_public)
    draw_again(row)
    facts = loading.about(row, now=now, actor=actor)
    publish(
        events.AttachmentShared(
            **facts, attachment_id=attachment.pk, name=attachment.name, is_public=is_public
        )
    )


@transaction.atomic
def remove_attachment(*, postmortem_id: int, attachment_id: int, now: datetime, actor: str) -> None:
    """Forget the bytes of an attachment, in every state: it may show what nobody should see.

    Locks the post-mortem. Raises PostmortemNotFound, AttachmentNotFound.
    """
    row = loading.lock(postmortem_id)
    attachment = _one(row, attachment_id)
    Attachment.objects.filter(id=attachment.pk).update(
        body=None, is_public=False, removed_at=now, removed_by=actor
    )
    draw_again(row)
    publish(
        events.AttachmentRemoved(
            **loading.about(row, now=now, actor=actor),
            attachment_id=attachment.pk,
            name=attachment.name,
            size=attachment.size,
            digest=bytes(attachment.digest).hex(),
        )
    )


def _one(row: Postmortem, attachment_id: int) -> Attachment:
    rows = Attachment.objects.filter(postmortem=row, removed_at__isnull=True).defer("body")
    attachment = rows.filter(id=attachment_id).first()
    if attachment is None:
        raise errors.AttachmentNotFound(attachment_id=attachment_id)
    return attachment


def _standing(row: Postmortem) -> dict[bytes, int]:
    """What is kept already, by its digest."""
    rows = Attachment.objects.filter(postmortem=row, removed_at__isnull=True)
    return {bytes(digest): number for digest, number in rows.values_list("digest", "id")}


def _attachment(row: Postmortem, upload: Upload, *, now: datetime, actor: str) -> Attachment:
    if len(upload.body) > FILE_SIZE:
        shown = upload.name[:_SHOWN]
        raise errors.FileTooLarge(field="files", name=shown, most=FILE_SIZE >> 20)
    made = _picture(upload) or _document(upload)
    if made is None:
        raise errors.FileNotUsable(field="files", name=upload.name[:_SHOWN])
    made.postmortem, made.actor, made.attached_at = row, actor, now
    made.size, made.digest, made.body = len(upload.body), digest_of(upload.body), upload.body
    return made


def _picture(upload: Upload) -> Attachment | None:
    seen = pictures.picture(upload.body)
    if seen is None:
        return None
    return Attachment(
        name=pictures.file_name(upload.name, seen.content_type),
        content_type=seen.content_type.value,
        width=seen.width,
        height=seen.height,
    )


def _document(upload: Upload) -> Attachment | None:
    kind = documents.document(upload.body, upload.name)
    if kind is None:
        return None
    return Attachment(name=documents.document_name(upload.name, kind), content_type=kind.value)


def _attached(
    row: Postmortem, made: Iterable[Attachment], *, now: datetime, actor: str
) -> events.FilesAttached:
    return events.FilesAttached(
        **loading.about(row, now=now, actor=actor),
        attachment_ids=tuple(one.pk for one in made),
        names=tuple(one.name for one in made),
    )
