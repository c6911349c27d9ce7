"""A reader switches messages to their number off and on, from that number itself."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from evenfall.notifications.actions import facts
from evenfall.notifications.actions.switching_off import switch_off
from evenfall.notifications.models import ContactMethod
from evenfall.platform.events import publish

STOPPED: Final = "STOP was sent from this number; START from it brings it back"


def stop_messages(*, kind: str, address: str, now: datetime) -> int:
    """Switch off the contact methods with this address; returns how many were on.

    Their owners get a repair task over what still reaches them. Locks the contact methods.
    """
    with transaction.atomic():
        rows = _locked(kind, address)
        working = {row.id: STOPPED for row in rows if row.broken_at is None}
        switch_off(working, now=now)
        return len(working)


def start_messages(*, kind: str, address: str, now: datetime) -> int:
    """Switch on what was switched off; returns how many there were.

    Who can write from a number can read there, so this mends any reason. Locks the contact methods.
    """
    with transaction.atomic():
        broken = [row for row in _locked(kind, address) if row.broken_at is not None]
        for row in broken:
            before = facts.snapshot(row)
            row.broken_at, row.broken_reason = None, ""
            row.save(update_fields=["broken_at", "broken_reason"])
            after, actor = facts.snapshot(row), f"user:{row.user_id}"
            publish(facts.changed(row, before=before, after=after, actor=actor, now=now))
        return len(broken)


def take_turns(*, address: str) -> None:
    """Wait for others who act for this address, until the end of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [address])


def _locked(kind: str, address: str) -> list[ContactMethod]:
    rows = ContactMethod.objects.select_for_update().filter(
        kind=kind, address=address, verified_at__isnull=False
    )
    return list(rows.order_by("id"))
