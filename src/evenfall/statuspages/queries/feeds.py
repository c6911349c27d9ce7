"""What a feed of a page lists: one entry for each thing that was said."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.statuspages.logic.words import Told
from evenfall.statuspages.queries.content import PageContent

MOST: Final = 100
_TOLD: Final = {
    Told.PLANNED: "Maintenance planned",
    Told.CHANGED: "Maintenance changed",
    Told.STARTED: "Maintenance started",
    Told.VERIFYING: "Maintenance is being verified",
    Told.COMPLETED: "Maintenance completed",
    Told.CANCELLED: "Maintenance cancelled",
    Told.NOTE: "Maintenance",
}


class FeedEntry(Struct, frozen=True, kw_only=True):
    """`key` never changes; `anchor` finds it on the page. `html` is safe to show."""

    key: str
    title: str
    html: str
    anchor: str
    said_at: datetime
    changed_at: datetime


def feed_entries(content: PageContent) -> list[FeedEntry]:
    """The newest first: every update, retraction and notice is an entry of its own."""
    found = [*_updates(content), *_retractions(content), *_notices(content)]
    return sorted(found, key=lambda one: (one.changed_at, one.key), reverse=True)[:MOST]


def _updates(content: PageContent) -> list[FeedEntry]:
    return [
        FeedEntry(
            key=f"update-{update.id}",
            title=f"{update.state.value.capitalize()}: {post.title}",
            html=update.html,
            anchor=f"post-{post.id}",
            said_at=update.said_at,
            changed_at=update.edited_at or update.written_at,
        )
        for post in (*content.open_posts, *content.past_posts)
        for update in post.updates
    ]


def _retractions(content: PageContent) -> list[FeedEntry]:
    return [
        FeedEntry(
            key=f"retracted-{post.id}",
            title=f"Retracted: {post.title}",
            html="",
            anchor=f"post-{post.id}",
            said_at=post.retracted_at,
            changed_at=post.retracted_at,
        )
        for post in content.past_posts
        if post.retracted_at is not None
    ]


def _notices(content: PageContent) -> list[FeedEntry]:
    return [
        FeedEntry(
            key=f"maintenance-{note.id}",
            title=f"{_TOLD[note.told]}: {work.title}",
            html=note.html or work.html,
            anchor=f"work-{work.id}",
            said_at=note.at,
            changed_at=note.at,
        )
        for work in (*content.works, *content.past_works)
        for note in work.notes
    ]
