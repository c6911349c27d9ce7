"""Reading calendars: claimed in one transaction, fetched without any, kept in another."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall.actions import absences
from evenfall.oncall.actions.calendars import end_absences
from evenfall.oncall.actions.standing_in import stand_in
from evenfall.oncall.logic.calendar_events import CalendarEvent, CalendarUnreadable, counts, whose
from evenfall.oncall.models import Absence, CalendarFeed, Source
from evenfall.oncall.queries.standing_in import rotas_with
from evenfall.platform.errors import DomainError
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.http import Response, outgoing

BATCH = 20
EVERY = timedelta(minutes=10)
SIGHT = timedelta(days=366)
TIMEOUT_S = 15.0
MOST_REDIRECTS = 3
OK, UNCHANGED = 200, 304
REDIRECTS = frozenset({301, 302, 303, 307, 308})

type Answer = Response | str
"""What came back, or in words why nothing did."""


class Claimed(Struct, frozen=True, kw_only=True):
    calendar_id: int
    url: str
    headers: dict[str, str]


class Read(Struct, frozen=True, kw_only=True):
    """How many calendars were read, and when the next one is due."""

    done: int
    next_due: datetime | None


def read_calendars(*, now: datetime) -> Read:
    """Read one batch of calendars that are due. No transaction is open while they are fetched.

    What cannot be read keeps the absences it gave last time, and shows its error.
    """
    claimed = _claim(now)
    answers = asyncio.run(_fetch_all(claimed)) if claimed else []
    for one, answer in zip(claimed, answers, strict=True):
        _keep(one.calendar_id, answer, now)
    open_feeds = CalendarFeed.objects.filter(removed_at=None)
    return Read(done=len(claimed), next_due=open_feeds.aggregate(due=Min("due_at"))["due"])


@transaction.atomic
def _claim(now: datetime) -> list[Claimed]:
    due = CalendarFeed.objects.filter(removed_at=None, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    CalendarFeed.objects.filter(id__in=[row.id for row in rows]).update(due_at=now + EVERY)
    return [Claimed(calendar_id=row.id, url=row.url, headers=_headers(row, now)) for row in rows]


def _headers(row: CalendarFeed, now: datetime) -> dict[str, str]:
    """Ask for changes only; once a day for everything, since the year ahead moves on."""
    headers = {"Accept": "text/calendar, */*;q=0.5"}
    if _is_fresh(row, now):
        headers |= {"If-None-Match": row.etag} if row.etag else {}
        headers |= {"If-Modified-Since": row.last_modified} if row.last_modified else {}
    return headers


def _is_fresh(row: CalendarFeed, now: datetime) -> bool:
    return not row.error and row.worked_at is not None and row.worked_at.date() == now.date()


async def _fetch_all(claimed: Iterable[Claimed]) -> list[Answer]:
    return list(await asyncio.gather(*(_fetch(one) for one in claimed)))


async def _fetch(one: Claimed) -> Answer:
    url = one.url
    try:
        for _ in range(MOST_REDIRECTS + 1):
            answer = await outgoing.get(url, headers=one.headers, timeout_s=TIMEOUT_S)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            url = urljoin(url, answer.headers["location"])
    except DomainError as error:
        return str(error)
    except ValueError:
        return "It leads to an address that is none."
    return "It leads from one address to the next and never arrives."


@transaction.atomic
def _keep(calendar_id: int, answer: Answer, now: datetime) -> None:
    rows = CalendarFeed.objects.select_for_update(of=("self",))
    row = rows.filter(id=calendar_id, removed_at=None).first()
    if row is None:
        return  # it was removed while it was being fetched
    row.checked_at, row.error = now, _problem(answer)
    if isinstance(answer, Response) and not row.error and answer.status == OK:
        _read(row, answer, now)
    if not row.error:
        row.worked_at = now
    row.save(
        update_fields=["checked_at", "error", "worked_at", "etag", "last_modified", "content_hash"]
    )


def _problem(answer: Answer) -> str:
    if isinstance(answer, str):
        return answer[:300]
    if answer.status in {OK, UNCHANGED}:
        return ""
    return f"The server answered {answer.status}. Check that the address is still shared."


def _read(row: CalendarFeed, answer: Response, now: datetime) -> None:
    digest = sha256(answer.body).hexdigest()
    if digest != row.content_hash or row.worked_at is None or row.worked_at.date() != now.date():
        try:
            _follow(row, answer.body, now)
        except CalendarUnreadable as error:
            row.error = str(error)[:300]
            return
    row.content_hash = digest
    row.etag = answer.headers.get("etag", "")[:300]
    row.last_modified = answer.headers.get("last-modified", "")[:100]


def _follow(row: CalendarFeed, body: bytes, now: datetime) -> None:
    """Make the absences those that the calendar names."""
    wanted = _wanted(row, body, now)
    open_rows = Absence.objects.filter(feed=row, cancelled_at=None, ends_at__gt=now)
    known = {(one.user_id, one.source_key): one for one in open_rows}
    gone = [one for key, one in known.items() if key not in wanted]
    end_absences(gone, now=now, actor=SYSTEM)
    new = [
        Absence(
            user_id=user_id,
            kind=row.kind,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            source=Source.CALENDAR.value,
            feed=row,
            source_key=key,
            created_at=now,
            created_by=SYSTEM,
        )
        for (user_id, key), event in wanted.items()
        if (user_id, key) not in known
    ]
    made = Absence.objects.bulk_create(new)
    publish(*(absences.added(one, now=now, actor=SYSTEM) for one in made))
    changed = {one.user_id for one in (*gone, *made)}
    if changed:
        stand_in(rota_ids=rotas_with(changed, now=now), now=now)


def _wanted(row: CalendarFeed, body: bytes, now: datetime) -> dict[tuple[int, str], CalendarEvent]:
    """The events that say somebody is away, by person; each person's days are of their zone."""
    from evenfall.oncall.logic import calendars  # noqa: PLC0415 - see there

    people = _people(row)
    by_zone: dict[str, Sequence[CalendarEvent]] = {
        zone: calendars.read(body, zone=ZoneInfo(zone), since=now, until=now + SIGHT)
        for zone in {person.time_zone for person in people}
    }
    return {
        (person.id, event.key): event
        for person in people
        for event in by_zone[person.time_zone]
        if counts(event, every_event=row.every_event, words=row.words)
        and (row.team_id is None or whose(event, {person.id: (person.name, person.email)}))
    }


def _people(row: CalendarFeed) -> list[identity_queries.Person]:
    if row.team_id is not None:
        return [member.person for member in identity_queries.team_members(row.team_id)]
    found = identity_queries.people([row.user_id or 0]).values()
    return [person for person in found if person.is_active]
