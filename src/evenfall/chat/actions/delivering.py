"""Sending messages: claim those that are behind, and write down what the tool answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from msgspec import Struct

from evenfall.chat import events, ports
from evenfall.chat.actions.cards import cards
from evenfall.chat.actions.posting import DELIVER
from evenfall.chat.logic import pacing
from evenfall.chat.models import Post, PostKind, Room
from evenfall.chat.ports import Card, ChatError, ChatService
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Account
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wakeups import wake

LEASE: Final = timedelta(seconds=30)
ACCOUNT_AWAY: Final = timedelta(minutes=1)
_CLAIM: Final = """
WITH next AS (
    SELECT DISTINCT ON (post.room_id) post.id, post.due_at
      FROM chat_post post
      JOIN chat_room room ON room.id = post.room_id
     WHERE post.due_at <= %(now)s
       AND room.is_on AND coalesce(room.quiet_until, %(now)s) <= %(now)s
       AND NOT EXISTS (SELECT FROM chat_post busy
                        WHERE busy.room_id = post.room_id AND busy.lease_until > %(now)s)
     ORDER BY post.room_id, post.shown > 0, post.due_at, post.id
)
UPDATE chat_post post
   SET lease_until = %(lease_until)s, attempts = attempts + 1
 WHERE post.id IN (SELECT id FROM next ORDER BY due_at, id LIMIT %(most)s)
RETURNING post.id
"""


class Errand(Struct, frozen=True, kw_only=True):
    """One message to send: `version` is what `Post.shown` will be when it is there."""

    post_id: int
    version: int
    service: ChatService
    account: Account
    room: str
    reference: str
    card: Card

    @property
    def is_edit(self) -> bool:
        return bool(self.reference) and self.service.can_edit


class Delivered(Struct, frozen=True, kw_only=True):
    """The answer to an errand: where the message is, or why it is not there."""

    errand: Errand
    reference: str = ""
    error: ChatError | None = None


def claim_posts(*, most: int, now: datetime) -> list[Errand]:
    """Reserve what is behind, one message a room, those that are not there yet first.

    Claimed in one process at a time (an advisory lock), so that a room gets its messages in order.
    A message whose account is off waits a minute.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('evenfall.chat.claim'), 0)")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(_CLAIM, {"now": now, "lease_until": now + LEASE, "most": most})
        claimed = [row[0] for row in cursor.fetchall()]
        return _errands(claimed, now) if claimed else []


def _errands(post_ids: Sequence[int], now: datetime) -> list[Errand]:
    posts = list(Post.objects.filter(id__in=post_ids).select_related("room"))
    made, known = cards(posts), accounts()
    errands: list[Errand] = []
    for post in posts:
        found = known.get(post.room.provider_id)
        card = made[post.pk]
        if found is None:
            _wait(post, now)
        elif _says_nothing_new(post, found[0], card):
            _settle(post, version=post.wanted, card=card, now=now)
        else:
            errands.append(_errand(post, *found, card))
    return errands


def accounts() -> dict[int, tuple[ChatService, Account]]:
    """The accounts of chat tools that are on, by id, in their order."""
    services = {service.type: service for service in ports.chat_services()}
    return {
        account.id: (services[account.type], account)
        for account in notifications_queries.accounts_of(*services)
    }


def _errand(post: Post, service: ChatService, account: Account, card: Card) -> Errand:
    return Errand(
        post_id=post.pk,
        version=post.wanted,
        service=service,
        account=account,
        room=post.room.address,
        reference=post.reference,
        card=card,
    )


def _wait(post: Post, now: datetime) -> None:
    post.lease_until, post.due_at = None, now + ACCOUNT_AWAY
    post.attempts = 0
    post.last_error = "Its account is switched off or removed."
    post.save(update_fields=["lease_until", "due_at", "attempts", "last_error"])


def _says_nothing_new(post: Post, service: ChatService, card: Card) -> bool:
    """A tool that cannot change a message gets a new one only for a new state."""
    return not service.can_edit and post.shown > 0 and post.shown_state == card.state


def record_delivery(*, delivered: Delivered, now: datetime) -> None:
    """Write down what became of an errand. Locks the post, then its room.

    What changed meanwhile is due again as soon as the room takes another message.
    """
    errand, error = delivered.errand, delivered.error
    with transaction.atomic():
        rows = Post.objects.filter(id=errand.post_id).select_related("room")
        post = rows.select_for_update(of=("self",)).first()
        if post is None:
            return  # the room was removed meanwhile
        if error is None:
            _arrived(post, delivered, now)
        elif error.room_gone:
            _lost(post, error, now)
        else:
            _failed(post, error, now)
        wake(DELIVER)


def _arrived(post: Post, delivered: Delivered, now: datetime) -> None:
    errand, room = delivered.errand, post.room
    is_new = post.shown == 0
    post.reference = delivered.reference or post.reference
    _settle(post, version=errand.version, card=errand.card, now=now)
    _rest(room, now + errand.service.pause, error="", posted_at=now)
    if is_new and post.incident_id is not None and room.incident_id is None:
        publish(
            events.IncidentPosted(
                incident_id=post.incident_id, room_id=room.pk, room=room.name, at=now, actor=SYSTEM
            )
        )
    if post.kind == PostKind.TEST.value:
        publish(events.RoomUsed(room_id=room.pk, at=now, actor=SYSTEM))


def _settle(post: Post, *, version: int, card: Card, now: datetime) -> None:
    post.shown = max(post.shown, version)
    post.shown_state, post.shown_at = card.state, now
    post.lease_until, post.attempts, post.last_error = None, 0, ""
    post.due_at = None if post.shown >= post.wanted else now
    post.save()


def _failed(post: Post, error: ChatError, now: datetime) -> None:
    """Try again later, or give up until there is something new to say."""
    wait = max(pacing.backoff(post.attempts), error.retry_after or timedelta())
    is_over = error.permanent or post.attempts >= pacing.MOST_ATTEMPTS
    post.lease_until, post.last_error = None, error.message
    post.due_at = None if is_over else now + wait
    post.save(update_fields=["lease_until", "last_error", "due_at"])
    quiet = now + error.retry_after if error.retry_after else None
    _rest(post.room, quiet, error=error.message)
    if post.kind == PostKind.TEST.value and is_over:
        fact = events.RoomUsed(room_id=post.room_id, error=error.message, at=now, actor=SYSTEM)
        publish(fact)


def _lost(post: Post, error: ChatError, now: datetime) -> None:
    """The room is gone: nothing is sent there until somebody switches it on again."""
    post.lease_until, post.due_at, post.last_error = None, None, error.message
    post.save(update_fields=["lease_until", "due_at", "last_error"])
    room = post.room
    _rest(room, None, error=error.message)
    if room.is_on:
        Room.objects.filter(id=room.pk).update(is_on=False, off_reason=error.message)
        publish(
            events.RoomChanged(
                room_id=room.pk,
                before={"is_on": True},
                after={"is_on": False, "off_reason": error.message},
                at=now,
                actor=SYSTEM,
            )
        )


def _rest(
    room: Room, until: datetime | None, *, error: str, posted_at: datetime | None = None
) -> None:
    changed = {"quiet_until": until, "last_error": error}
    if posted_at is not None:
        changed["last_posted_at"] = posted_at
    Room.objects.filter(id=room.pk).update(**changed)
