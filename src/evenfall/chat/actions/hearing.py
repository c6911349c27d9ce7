"""Taps and commands that are written down first and done a moment later.

A tool wants to hear within seconds that it was heard; what is written down is done exactly once,
also when the process ends in between.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.chat import ports, queries
from evenfall.chat.actions.answering import answer_from_chat
from evenfall.chat.actions.commands import run_command
from evenfall.chat.models import Said
from evenfall.chat.ports import Reply, TakesReplies
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Account
from evenfall.platform.logs import get_logger
from evenfall.platform.wakeups import wake

log = get_logger(__name__)
ANSWER: Final = "chat.answer"
LEASE: Final = timedelta(seconds=30)
MOST_AT_ONCE: Final = 20
FAILED: Final = Reply(text="Something went wrong here. Answer in Evenfall instead.", ok=False)


class Hearing(Struct, frozen=True, kw_only=True):
    """Something said; `reply` is None where first the person must be found by another address."""

    said_id: int
    service: TakesReplies
    account: Account
    address: str
    reply_to: str
    reply: Reply | None


def hear(
    *,
    provider_id: int,
    key: str,
    address: str,
    now: datetime,
    subject: str = "",
    action: str = "",
    text: str = "",
    reply_to: str = "",
) -> None:
    """Write down a tap (`subject`, `action`) or a command (`text`). The same key counts once.

    The slice has proved before that the tool itself says who did it.
    """
    row = Said(
        provider_id=provider_id,
        key=key,
        address=address,
        subject=subject[:80],
        action=action[:40],
        text=text,
        reply_to=reply_to,
        said_at=now,
        due_at=now,
    )
    with transaction.atomic():
        Said.objects.bulk_create([row], ignore_conflicts=True)
        wake(ANSWER)


def answer_next(*, now: datetime) -> Hearing | None:
    """Do the oldest thing that was said; None when all is done. Locks its row."""
    with transaction.atomic():
        rows = Said.objects.select_for_update(skip_locked=True).filter(due_at__lte=now)
        row = rows.order_by("due_at", "id").first()
        if row is None:
            return None
        account = notifications_queries.account(row.provider_id)
        service = ports.chat_service(account.type)
        if not isinstance(service, TakesReplies):
            _done(row, FAILED, now)
            return answer_next(now=now)
        is_known = queries.viewer_by(service.kind, row.address) is not None
        reply = _do(row, service.kind, row.address, now) if is_known else None
        if reply is None:
            Said.objects.filter(id=row.pk).update(due_at=now + LEASE)
        return _hearing(row, service, account, reply)


def answer_as(*, said_id: int, addresses: Collection[str], now: datetime) -> Reply | None:
    """Do what was said as whoever has one of these addresses; None when it is done already."""
    with transaction.atomic():
        rows = Said.objects.select_for_update().filter(id=said_id, done_at=None)
        row = rows.first()
        if row is None:
            return None
        kind = _kind(row)
        known = (address for address in addresses if queries.viewer_by(kind, address) is not None)
        return _do(row, kind, next(known, row.address), now)


def forget_said(*, before: datetime) -> int:
    """Delete what was done before; returns how much."""
    return Said.objects.filter(done_at__lt=before).delete()[0]


def _kind(row: Said) -> str:
    service = ports.chat_service(notifications_queries.account(row.provider_id).type)
    return "" if service is None else service.kind


def _do(row: Said, kind: str, address: str, now: datetime) -> Reply:
    try:
        with transaction.atomic():
            reply = _act(row, kind, address, now)
    except Exception:
        log.exception("what was said could not be done", said=row.pk)
        reply = FAILED
    _done(row, reply, now)
    return reply


def _act(row: Said, kind: str, address: str, now: datetime) -> Reply:
    if row.action:
        return answer_from_chat(
            kind=kind, address=address, subject=row.subject, action=row.action, now=now
        )
    return run_command(kind=kind, address=address, text=row.text, now=now)


def _done(row: Said, reply: Reply, now: datetime) -> None:
    Said.objects.filter(id=row.pk).update(
        due_at=None, done_at=now, reply=reply.text, is_ok=reply.ok
    )


def _hearing(row: Said, service: TakesReplies, account: Account, reply: Reply | None) -> Hearing:
    return Hearing(
        said_id=row.pk,
        service=service,
        account=account,
        address=row.address,
        reply_to=row.reply_to,
        reply=reply,
    )
