"""Duties in the format of calendar programs (RFC 5545).

Loaded at the first feed that is read: icalendar takes 3 MB.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from evenfall.oncall.logic.feeds import FeedDuty
from evenfall.oncall.logic.spec import Role

REFRESH = timedelta(hours=1)
_WHAT = {Role.PRIMARY: "on call", Role.LIEUTENANT: "lieutenant"}


def calendar_file(title: str, duties: Iterable[FeedDuty], *, host: str, now: datetime) -> bytes:
    """The whole file. `host` makes the ids of the events our own among all in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//Evenfall//on call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("name", title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for duty in duties:
        calendar.add_component(_event(duty, host, now))
    body: bytes = calendar.to_ical()
    return body


def _event(duty: FeedDuty, host: str, now: datetime) -> Event:
    """The id stays the same when another person takes the shift: calendars then move no event.

    Being on call is no appointment: the time stays free, also for Outlook with its own word for it.
    """
    event = Event()
    event.add("uid", f"{duty.rota_id}-{duty.role}-{duty.starts_at:%Y%m%dT%H%M%SZ}@{host}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", duty.starts_at.astimezone(UTC))
    event.add("dtend", duty.ends_at.astimezone(UTC))
    event.add("summary", f"{duty.name} {_WHAT.get(duty.role, duty.role)}: {duty.rota}")
    event.add("description", f"{duty.why}\n{duty.url}")
    event.add("url", duty.url)
    event.add("categories", [_WHAT.get(duty.role, str(duty.role))])
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event
