"""What the notices to come will say."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from evenfall.paging import events
from evenfall.paging.actions import storing
from evenfall.paging.models import Page
from evenfall.paging.ports import PageContent
from evenfall.platform.events import publish


def update_contents(*, contents: Mapping[str, PageContent], now: datetime) -> int:
    """Let the next notices about these subjects say this; returns how many open pages there were.

    A changed severity counts from the next step on. Notices that are already planned keep their
    words. A fixed number of statements for any number of subjects. Waits for pages that are being
    advanced. Locks the pages.
    """
    with transaction.atomic():
        rows = Page.objects.filter(subject__in=contents, ended_at=None).order_by("id")
        pages = list(rows.select_for_update(of=("self",)))
        storing.save_contents({page.id: contents[page.subject] for page in pages})
        publish(*[_changed(page, contents[page.subject], now) for page in pages])
        return len(pages)


def update_content(*, subject: str, content: PageContent, now: datetime) -> None:
    """`update_contents` for one subject."""
    update_contents(contents={subject: content}, now=now)


def _changed(page: Page, content: PageContent, now: datetime) -> events.PageContentChanged:
    return events.PageContentChanged(
        page_id=page.id,
        subject=page.subject,
        title=content.title,
        severity=content.severity,
        at=now,
    )
