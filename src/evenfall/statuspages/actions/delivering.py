"""Sending to subscribers: claim what is due, word it once, write down what became of it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min
from django.db.models.functions import Greatest
from msgspec import Struct

from evenfall.notifications.ports import ChannelError, Content, Letter, Message, Urgency
from evenfall.platform.wakeups import wake
from evenfall.statuspages import queries
from evenfall.statuspages.actions.access import links_of
from evenfall.statuspages.actions.outcomes import settle
from evenfall.statuspages.actions.spreading import DELIVER
from evenfall.statuspages.logic import letters
from evenfall.statuspages.logic.letters import Links, Mail, Said
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscriber_words import spoken
from evenfall.statuspages.logic.subscribing import Errand, Kind
from evenfall.statuspages.models import Delivery, StatusPage, Subscriber
from evenfall.statuspages.queries import sites

LEASE: Final = timedelta(minutes=3)
_CLAIM: Final = """
WITH heads AS (
    SELECT DISTINCT ON (one.subscriber_id) one.id, one.due_at, one.lease_until
      FROM statuspages_delivery one
      JOIN statuspages_subscriber who ON who.id = one.subscriber_id
     WHERE one.settled_at IS NULL AND who.kind = %(kind)s AND who.state <> 'off'
     ORDER BY one.subscriber_id, one.id
)
UPDATE statuspages_delivery one
   SET lease_until = %(lease_until)s, attempts = attempts + 1
 WHERE one.id IN (
       SELECT id FROM heads
        WHERE due_at <= %(now)s AND (lease_until IS NULL OR lease_until <= %(now)s)
        ORDER BY due_at, id LIMIT %(most)s)
RETURNING one.id
"""


class Parcel(Struct, frozen=True, kw_only=True):
    """One message to one subscriber, on its way."""

    delivery_id: int
    subscriber_id: int
    kind: Kind
    message: Message


class Outcome(Struct, frozen=True, kw_only=True):
    """What the channel answered; no error: it took it."""

    parcel: Parcel
    error: ChannelError | None = None


def claim_parcels(*, kind: Kind, most: int, now: datetime) -> list[Parcel]:
    """Reserve the next message of subscribers of a kind, and word them.

    The number of statements does not grow with the number of subscribers. One process claims at a
    time; whoever dies with a parcel in hand loses it after `LEASE`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('evenfall.statuspages.claim'))")
        if not cursor.fetchone()[0]:
            return []
        about: dict[str, Any] = {
            "kind": kind.value,
            "lease_until": now + LEASE,
            "now": now,
            "most": most,
        }
        cursor.execute(_CLAIM, about)
        claimed = [row[0] for row in cursor.fetchall()]
    return _parcels(claimed, now) if claimed else []


def record_outcomes(*, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what became of some parcels; those erased meanwhile are left out."""
    with transaction.atomic():
        settle({one.parcel.delivery_id: one.error for one in outcomes}, now=now)
        wake(DELIVER)


def next_delivery(now: datetime) -> datetime | None:
    """When something is due again; None while nothing waits."""
    waiting = Delivery.objects.filter(settled_at=None).exclude(subscriber__state="off")
    found = waiting.aggregate(next=Min(Greatest("due_at", "lease_until")))["next"]
    return None if found is None else max(found, now + timedelta(seconds=1))


class _Page(Struct, frozen=True, kw_only=True):
    """What the messages of a page have in common."""

    row: StatusPage
    url: str


def _parcels(delivery_ids: Sequence[int], now: datetime) -> list[Parcel]:
    rows = Delivery.objects.filter(id__in=delivery_ids).select_related("subscriber", "bulletin")
    found = sorted(rows, key=lambda row: row.pk)
    known = _pages({row.subscriber.page_id for row in found})
    told: dict[tuple[int, str], Said] = {}
    return [_parcel(row, known[row.subscriber.page_id], told, now) for row in found]


def _pages(page_ids: Iterable[int]) -> dict[int, _Page]:
    """The pages of a claim: few, however many subscribers."""
    found = {}
    for row in StatusPage.objects.filter(id__in=page_ids):
        view = queries.page(row.pk)
        site = sites.live_site(view, queries.look(row.pk))
        found[row.pk] = _Page(row=row, url=site.home)
    return found


def _parcel(row: Delivery, page: _Page, told: dict[tuple[int, str], Said], now: datetime) -> Parcel:
    who = row.subscriber
    links = links_of(who.pk, page.row.slug, page_url=page.url, now=now)
    kind, errand = Kind(who.kind), Errand(row.errand)
    common: dict[str, Any] = {
        "notice_id": row.pk,
        "kind": kind.channel,
        "idempotency_key": f"status-{page.row.pk}-{row.pk}",
        "attempt": row.attempts,
        "urgency": Urgency.LOW,
        "purpose": "verify" if errand is Errand.CONFIRM else "status",
        "language": who.language,
        "subject": f"status_page:{page.row.pk}",
        "address": who.address,
        "secret": who.secret,
        "respond_url": "",
        "action_links": (),
        "code": secrets.token_urlsafe(16) if _is_challenge(kind, errand) else "",
    }
    if row.bulletin is None:
        words = _unasked(who, page, links, errand)
    else:
        words = _telling(row, page, links, told)
    message = Message(**common, **words)
    return Parcel(delivery_id=row.pk, subscriber_id=who.pk, kind=kind, message=message)


def _is_challenge(kind: Kind, errand: Errand) -> bool:
    return kind is Kind.WEBHOOK and errand is Errand.CONFIRM


def _unasked(who: Subscriber, page: _Page, links: Links, errand: Errand) -> dict[str, Any]:
    """What is written to an address besides what the page says."""
    make = letters.confirmation if errand is Errand.CONFIRM else letters.reminder_of_subscription
    mail = make(page=page.row.title, links=links, language=spoken(who.language))
    about = {"title": page.row.title, "url": page.url}
    return {
        "content": Content(title=mail.subject, url=page.url),
        "letter": _letter(mail),
        "data": {"type": "verification", "page": about},
    }


def _telling(
    row: Delivery, page: _Page, links: Links, told: dict[tuple[int, str], Said]
) -> dict[str, Any]:
    bulletin, language = row.bulletin, spoken(row.subscriber.language)
    if bulletin is None:
        raise TypeError
    said = told.get((bulletin.pk, language.value))
    if said is None:
        said = told[bulletin.pk, language.value] = _said(bulletin.data, page, language)
    story = f"post-{bulletin.post_id}" if bulletin.post_id else f"work-{bulletin.work_id}"
    about = {"title": page.row.title, "url": page.url}
    links = Links(page=f"{page.url}#{story}", manage=links.manage, leave=links.leave)
    content = Content(
        title=said.subject, lines=said.lines, url=links.page, tag=f"status-{page.row.pk}-{story}"
    )
    return {
        "content": content,
        "letter": _letter(letters.mail(said, links), leave=links.leave),
        "data": {
            "type": f"status.{bulletin.topic}",
            "page": about,
            **bulletin.data,
            "unsubscribe_url": links.leave,
        },
    }


def _said(data: dict[str, Any], page: _Page, language: Language) -> Said:
    return letters.said(data, page=page.row.title, zone=page.row.time_zone, language=language)


def _letter(mail: Mail, *, leave: str = "") -> Letter:
    headers = (
        (
            ("List-Unsubscribe", f"<{leave}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )
        if leave
        else ()
    )
    return Letter(subject=mail.subject, text=mail.text, html=mail.html, headers=headers)
