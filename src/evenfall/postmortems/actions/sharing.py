"""What the public may read: written, put online and taken offline."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from evenfall.platform import markdown
from evenfall.platform.events import publish
from evenfall.postmortems import errors, events, queries
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
    slug = _known_slug(row) or _slug(row)
    said_now = {
        "title": shown,
        "text": said,
        "html": _html(row, slug, said),
        "is_indexed": is_indexed,
        "actor": actor,
        "saved_at": now,
    }
    Publication.objects.update_or_create(
        postmortem=row, defaults=said_now, create_defaults={"slug": slug, **said_now}
    )
    row.is_public = is_public
    row.save(update_fields=["is_public"])
    facts = loading.about(row, now=now, actor=actor)
    publish(events.PublicationSaved(**facts, is_public=is_public, is_indexed=is_indexed))
    return slug


def draw_again(row: Postmortem) -> None:
    """The public text shows other files now; call it in a transaction, with the row locked."""
    made = Publication.objects.filter(postmortem=row).first()
    if made is not None:
        made.html = _html(row, made.slug, made.text)
        made.save(update_fields=["html"])


def share_as_written(row: Postmortem, *, now: datetime, actor: str) -> None:
    """Make the first public text from the section of that name; call it in a transaction.

    Where nobody wrote one, readers see nothing until somebody does.
    """
    if Publication.objects.filter(postmortem=row).exists():
        return
    section = Section.objects.filter(postmortem=row, title__iexact=PUBLIC_SECTION).first()
    text = section.text.strip() if section is not None else ""
    if text:
        slug = _slug(row)
        Publication.objects.create(
            postmortem=row,
            slug=slug,
            title=row.title,
            text=text,
            html=_html(row, slug, text),
            actor=actor,
            saved_at=now,
        )


def _html(row: Postmortem, slug: str, text: str) -> str:
    return markdown.to_html(text, queries.public_finder(row.pk, slug, text))


def _known_slug(row: Postmortem) -> str | None:
    return Publication.objects.filter(postmortem=row).values_list("slug", flat=True).first()


def _slug(row: Postmortem) -> str:
    """Readable, and never that of another."""
    return f"{slugify(row.title)[:_SLUG].strip('-') or 'incident'}-{row.pk}"
