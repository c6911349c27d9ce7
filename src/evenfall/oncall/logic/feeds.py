"""Duties in the format of calendar programs (RFC 5545), and how a feed names them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event

from evenfall.oncall.logic.shifts import WEEK
from evenfall.oncall.logic.spec import Role

WEEKS_BACK = 4
WEEKS_ON = 26
REFRESH = timedelta(hours=1)
_WHAT = {Role.PRIMARY: "on call", Role.LIEUTENANT: "lieutenant"}


class FeedKind(StrEnum):
    PERSON = "person"
    ROTA = "rota"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDuty:
    """One duty as a calendar shows it, whole (UTC). `url` is the page of the rota."""

    rota_id: int
    rota: str
    role: Role
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    url: str


def window(now: datetime) -> tuple[datetime, datetime]:
    """What a feed tells: four weeks back and 26 on, from a Monday so that it moves once a week."""
    monday = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    return monday - WEEKS_BACK * WEEK, monday + (WEEKS_ON + 1) * WEEK


def tag(title: str, duties: Sequence[FeedDuty]) -> str:
    """What changes when and only when the content of the feed does."""
    content = repr([title, *map(astuple, duties)])
    return f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


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
