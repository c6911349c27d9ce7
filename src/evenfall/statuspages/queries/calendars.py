"""What programs follow: the feed of what was told, and the calendar of maintenance."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Event

from evenfall.statuspages.logic.words import WorkState
from evenfall.statuspages.queries.content import PageContent
from evenfall.statuspages.queries.feeds import feed_entries
from evenfall.statuspages.queries.sites import Site
from evenfall.statuspages.queries.told import WorkView


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
        feed_guid=f"tag:{_host()},2026:status-page:{shown.page.id}",
        language=shown.language.value,
    )
    for entry in feed_entries(shown):
        feed.add_item(
            title=entry.title,
            link=f"{here}#{entry.anchor}",
            description=entry.html,
            unique_id=f"tag:{_host()},2026:status-page:{shown.page.id}:{entry.key}",
            pubdate=entry.said_at,
            updateddate=entry.changed_at,
        )
    return feed.writeString("utf-8").encode()


def as_calendar(shown: PageContent, site: Site) -> bytes:
    """Maintenance as calendar programs read it; a cancelled one says so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Evenfall//maintenance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{shown.page.title}: maintenance")
    for work in (*shown.works, *shown.past_works):
        calendar.add_component(_event(work, site))
    body: bytes = calendar.to_ical()
    return body


def _event(work: WorkView, site: Site) -> Event:
    event = Event()
    event.add("uid", f"maintenance-{work.id}@{_host()}")
    event.add("dtstamp", work.changed_at.replace(microsecond=0))
    event.add("last-modified", work.changed_at.replace(microsecond=0))
    event.add("sequence", len(work.notes))
    event.add("dtstart", (work.started_at or work.starts_at).replace(microsecond=0))
    event.add("dtend", (work.ended_at or work.ends_at).replace(microsecond=0))
    event.add("summary", f"Maintenance: {work.title}")
    event.add("description", "\n".join(filter(None, [", ".join(work.components), work.text])))
    if site.address:
        event.add("url", f"{site.home}#work-{work.id}")
    cancelled = work.state is WorkState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _host() -> str:
    return urlsplit(settings.EVENFALL.public_url).hostname or "localhost"
