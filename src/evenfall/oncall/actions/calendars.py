"""Calendars that absences are read from: added, removed."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from evenfall.oncall import errors, events
from evenfall.oncall.actions import absences, checks
from evenfall.oncall.actions.standing_in import stand_in
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import MOST_WORD, MOST_WORDS, Absence, CalendarFeed
from evenfall.oncall.queries.standing_in import rotas_with
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

MOST_CALENDARS = 20
MOST_ADDRESS = 2000


@transaction.atomic
def add_calendar(
    *,
    user_id: int | None = None,
    team_id: int | None = None,
    name: str,
    url: str,
    kind: Kind,
    every_event: bool,
    words: Sequence[str] = (),
    now: datetime,
    actor: str,
) -> int:
    """Return the id of a calendar of one person or one team, which is read at once.

    Raises `CalendarOfNobody`, `CalendarAddress`, `CalendarWords`, `NameMissing`,
    `TooManyCalendars`.
    """
    if (user_id is None) == (team_id is None):
        raise errors.CalendarOfNobody
    same_owner = CalendarFeed.objects.filter(Q(user_id=user_id, team_id=team_id), removed_at=None)
    if same_owner.count() >= MOST_CALENDARS:
        raise errors.TooManyCalendars(most=MOST_CALENDARS)
    row = CalendarFeed.objects.create(
        user_id=user_id,
        team_id=team_id,
        name=checks.clean_name(name),
        url=_clean_address(url),
        kind=kind.value,
        every_event=every_event,
        words=_clean_words(words, every_event=every_event),
        due_at=now,
        created_at=now,
        created_by=actor,
    )
    publish(events.CalendarAdded(calendar_id=row.id, name=row.name, at=now, actor=actor))
    wake("oncall.calendars")
    return row.id


@transaction.atomic
def remove_calendar(*, calendar_id: int, now: datetime, actor: str) -> None:
    """Forget the address, and end the absences that came from it. Raises `CalendarNotFound`."""
    rows = CalendarFeed.objects.select_for_update(of=("self",))
    row = rows.filter(id=calendar_id, removed_at=None).first()
    if row is None:
        raise errors.CalendarNotFound
    row.removed_at, row.due_at, row.url = now, None, ""
    row.save(update_fields=["removed_at", "due_at", "url"])
    ended = list(Absence.objects.filter(feed=row, cancelled_at=None, ends_at__gt=now))
    end_absences(ended, now=now, actor=actor)
    publish(events.CalendarRemoved(calendar_id=row.id, name=row.name, at=now, actor=actor))
    stand_in(rota_ids=rotas_with({one.user_id for one in ended}, now=now), now=now)


def end_absences(rows: Sequence[Absence], *, now: datetime, actor: str) -> None:
    """End these now; the caller lets stand-ins follow."""
    for row in rows:
        row.cancelled_at, row.cancelled_by = now, actor
    Absence.objects.bulk_update(rows, ["cancelled_at", "cancelled_by"])
    publish(*(absences.cancelled(row, now=now, actor=actor) for row in rows))


def _clean_address(url: str) -> str:
    url = checks.clean_text(url)
    if url.startswith("webcal://"):
        url = f"https://{url.removeprefix('webcal://')}"
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good or len(url) > MOST_ADDRESS or not url.isascii() or " " in url:
        raise errors.CalendarAddress(field="url")
    return url


def _clean_words(words: Sequence[str], *, every_event: bool) -> list[str]:
    cleaned = [" ".join(checks.clean_text(word).split())[:MOST_WORD] for word in words]
    found = list(dict.fromkeys(word for word in cleaned if word))
    if len(found) > MOST_WORDS or not (found or every_event):
        raise errors.CalendarWords(most=MOST_WORDS, field="words")
    return found
