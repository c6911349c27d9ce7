"""The public text of a post-mortem, for its writers and for everybody."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from msgspec import Struct

from evenfall.platform import markdown
from evenfall.postmortems import errors
from evenfall.postmortems.logic.attachments import numbers_in
from evenfall.postmortems.logic.states import SHARED
from evenfall.postmortems.models import Postmortem, Publication, Section
from evenfall.postmortems.queries.attachments import (
    finder,
    finder_of,
    public_attachments,
    public_base,
)


class PublicFile(Struct, frozen=True, kw_only=True):
    """A file that everybody may read, at `href`; `size` in bytes."""

    name: str
    href: str
    label: str
    size: int


class PublicationView(Struct, frozen=True, kw_only=True):
    """`url` is absolute; `html` is safe to show. Times are aware UTC.

    `files` are public and not shown in the text already.
    """

    postmortem_id: int
    slug: str
    url: str
    title: str
    text: str
    html: str
    is_indexed: bool
    is_public: bool
    published_at: datetime | None
    saved_at: datetime
    files: Sequence[PublicFile] = ()


def publication(slug: str) -> PublicationView:
    """What everybody may read. Raises PublicationNotFound for what is not online (any more)."""
    states = [state.value for state in SHARED]
    rows = Publication.objects.select_related("postmortem")
    row = rows.filter(slug=slug, postmortem__is_public=True, postmortem__state__in=states).first()
    if row is None:
        raise errors.PublicationNotFound
    return _view(row)


def publication_of(postmortem_id: int) -> PublicationView | None:
    """For its writers, online or not."""
    rows = Publication.objects.select_related("postmortem")
    row = rows.filter(postmortem_id=postmortem_id).first()
    return None if row is None else _view(row)


def public_address(incident_id: int) -> str:
    """Where everybody reads what an incident taught; "" for nowhere."""
    return public_addresses([incident_id]).get(incident_id, "")


def public_addresses(incident_ids: Collection[int]) -> dict[int, str]:
    """The same for many incidents, by id, in one query; those with none are left out."""
    rows = Publication.objects.filter(
        postmortem__incident_id__in=incident_ids,
        postmortem__is_public=True,
        postmortem__state__in=[state.value for state in SHARED],
    )
    found = rows.values_list("postmortem__incident_id", "slug")
    return {number: _url(slug) for number, slug in found}


def public_proposal(postmortem_id: int) -> str:
    """The text that the section “Public version” offers; "" for none."""
    rows = Section.objects.filter(postmortem_id=postmortem_id, title__iexact="public version")
    return rows.values_list("text", flat=True).first() or ""


def preview(text: str, *, postmortem_id: int, only_public: bool = False) -> str:
    """Safe HTML of a text that nobody saved yet; of files only what its readers will see."""
    if only_public and numbers_in(text):
        return markdown.to_html(text, finder_of(public_attachments(postmortem_id)))
    return markdown.to_html(text, finder(postmortem_id, text))


def _view(row: Publication) -> PublicationView:
    about: Postmortem = row.postmortem
    return PublicationView(
        postmortem_id=row.postmortem_id,
        slug=row.slug,
        url=_url(row.slug),
        title=row.title,
        text=row.text,
        html=row.html,
        is_indexed=row.is_indexed,
        is_public=about.is_public and about.state in {state.value for state in SHARED},
        published_at=about.published_at,
        saved_at=row.saved_at,
        files=_files(row),
    )


def _files(row: Publication) -> list[PublicFile]:
    named, base = numbers_in(row.text), public_base(row.slug)
    return [
        PublicFile(name=one.name, href=f"{base}{one.id}/", label=one.label, size=one.size)
        for one in public_attachments(row.postmortem_id)
        if one.id not in named
    ]


def _url(slug: str) -> str:
    return f"{settings.EVENFALL.public_url}/lessons/{slug}/"
