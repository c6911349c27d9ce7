"""What the public may read: written, put online and taken offline."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from evenfall.platform import markdown
from evenfall.platform.events import publish
from evenfall.postmortems import errors, events
from evenfall.postmortems.actions import loading
from evenfall.postmortems.logic.states import SHARED
from evenfall.postmortems.models import Postmortem, Publication, Section

PUBLIC_SECTION = "public version"
_TITLE = 200
_SLUG = 60


@transaction.atomic
def save_publication(
    *,
    postmortem_id: int,
    title: str,
    text: str,
    is_indexed: bool,
    is_public: bool,
    now: datetime,
    actor: str,
) -> str:
    """Save what readers see, put it online or take it offline; returns the part of its address.

    Online it needs a post-mortem that is published or closed. Locks the post-mortem. Raises
    PostmortemNotFound, TextMissing, TextTooLong, NotPublished.
    """
    row = loading.lock(postmortem_id)
    said = loading.text_of(text).strip()
    if not said:
        raise errors.TextMissing(field="text")
    if is_public and row.state not in SHARED:
        raise errors.NotPublished(postmortem_id=postmortem_id, state=row.state.replace("_", " "))
    shown = " ".join(title.replace("\0", "").split())[:_TITLE] or row.title
    made, _ = Publication.objects.update_or_create(
        postmortem=row,
        defaults={
            "title": shown,
            "text": said,
            "html": markdown.to_html(said),
            "is_indexed": is_indexed,
            "actor": actor,
            "saved_at": now,
        },
        create_defaults={
            "slug": _slug(row),
            "title": shown,
            "text": said,
            "html": markdown.to_html(said),
            "is_indexed": is_indexed,
            "actor": actor,
            "saved_at": now,
        },
    )
    row.is_public = is_public
    row.save(update_fields=["is_public"])
    facts = loading.about(row, now=now, actor=actor)
    publish(events.PublicationSaved(**facts, is_public=is_public, is_indexed=is_indexed))
    return made.slug


def share_as_written(row: Postmortem, *, now: datetime, actor: str) -> None:
    """Make the first public text from the section of that name; call it in a transaction.

    Where nobody wrote one, readers see nothing until somebody does.
    """
    if Publication.objects.filter(postmortem=row).exists():
        return
    section = Section.objects.filter(postmortem=row, title__iexact=PUBLIC_SECTION).first()
    text = section.text.strip() if section is not None else ""
    if text:
        Publication.objects.create(
            postmortem=row,
            slug=_slug(row),
            title=row.title,
            text=text,
            html=markdown.to_html(text),
            actor=actor,
            saved_at=now,
        )


def _slug(row: Postmortem) -> str:
    """Readable, and never that of another."""
    return f"{slugify(row.title)[:_SLUG].strip('-') or 'incident'}-{row.pk}"
