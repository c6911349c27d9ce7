"""The calendar of maintenance, for programs that follow it.

Loaded with the first page that is written: icalendar takes 3 MB.
"""

from icalendar import Calendar, Event

from evenfall.statuspages.logic.words import WorkState
from evenfall.statuspages.queries.atom import host
from evenfall.statuspages.queries.content import PageContent
from evenfall.statuspages.queries.sites import Site
from evenfall.statuspages.queries.told import WorkView


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
    event.add("uid", f"maintenance-{work.id}@{host()}")
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
