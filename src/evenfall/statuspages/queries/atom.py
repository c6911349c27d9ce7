"""The feed of what was told, for programs that follow it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from evenfall.statuspages.queries.content import PageContent
from evenfall.statuspages.queries.feeds import feed_entries
from evenfall.statuspages.queries.sites import Site


def as_atom(shown: PageContent, site: Site) -> bytes:
    """One entry for each update, so that readers learn the end of a story too.

    Ids name this installation, wherever the feed is read: a reader who follows a copy and the
    page itself sees each entry once.
    """
    here = site.home or "./"
    feed = Atom1Feed(
        title=shown.page.title,
        link=here,
        description=shown.page.description,
        feed_url=site.beside("feed.atom"),
        feed_guid=f"tag:{host()},2026:status-page:{shown.page.id}",
        language=shown.language.value,
    )
    for entry in feed_entries(shown):
        feed.add_item(
            title=entry.title,
            link=f"{here}#{entry.anchor}",
            description=entry.html,
            unique_id=f"tag:{host()},2026:status-page:{shown.page.id}:{entry.key}",
            pubdate=entry.said_at,
            updateddate=entry.changed_at,
        )
    return feed.writeString("utf-8").encode()


def host() -> str:
    return urlsplit(settings.EVENFALL.public_url).hostname or "localhost"
