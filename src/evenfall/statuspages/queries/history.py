"""What a page told before the last two weeks."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.statuspages.logic.phrases import Language, Phrases, phrases
from evenfall.statuspages.logic.words import OVER
from evenfall.statuspages.models import Post, Work
from evenfall.statuspages.queries import looks, pages, subscribers, told
from evenfall.statuspages.queries.looks import LookView
from evenfall.statuspages.queries.pages import PageView
from evenfall.statuspages.queries.told import PostView, WorkView

_MOST_POSTS: Final = 200
_MOST_WORKS: Final = 100


class PageHistory(Struct, frozen=True, kw_only=True):
    """What a page told before, the newest first: at most the last 200 posts and 100 works."""

    page: PageView
    look: LookView
    language: Language
    words: Phrases
    as_of: datetime
    posts: tuple[PostView, ...]
    works: tuple[WorkView, ...]
    takes_subscribers: bool


def history(status_page_id: int, *, now: datetime, language: Language | None = None) -> PageHistory:
    """Raises StatusPageNotFound. A fixed number of queries."""
    page, look = pages.page(status_page_id), looks.look(status_page_id)
    posts = Post.objects.filter(page_id=page.id).order_by("-started_at", "-id")
    works = Work.objects.filter(page_id=page.id, state__in=[one.value for one in OVER])
    works = works.order_by("-starts_at", "-id")
    spoken = language or look.languages[0]
    return PageHistory(
        page=page,
        look=look,
        language=spoken,
        words=phrases(spoken),
        as_of=now,
        posts=tuple(told.post_views(posts[:_MOST_POSTS])),
        works=tuple(told.work_views(works[:_MOST_WORKS])),
        takes_subscribers=subscribers.mailing(page.id).is_open,
    )
