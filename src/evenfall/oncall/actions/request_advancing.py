"""Requests whose time has come: the next one is asked, or nobody said yes in time."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from msgspec import Struct

from evenfall.oncall import events
from evenfall.oncall.actions.request_steps import about, close, go_on
from evenfall.oncall.logic.requests import OfferState, Step
from evenfall.oncall.models import ShiftRequest
from evenfall.platform.events import SYSTEM, publish

BATCH = 50


class Advanced(Struct, frozen=True, kw_only=True):
    """How many requests moved, and when the next one is due."""

    done: int
    next_due: datetime | None


def advance_due_requests(*, now: datetime, limit: int = BATCH) -> Advanced:
    """Take the due step of up to `limit` requests; one that is being answered now is left alone."""
    with transaction.atomic():
        rows = ShiftRequest.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.select_related("rota").filter(due_at__lte=now).order_by("due_at", "id")
        found = list(due[:limit])
        for row in found:
            _advance(row, now)
    waiting = ShiftRequest.objects.filter(due_at__isnull=False)
    return Advanced(done=len(found), next_due=waiting.aggregate(due=Min("due_at"))["due"])


def _advance(row: ShiftRequest, now: datetime) -> None:
    if row.expires_at <= now:
        close(row, Step.EXPIRE, "Nobody said yes in time.", now=now)
        return
    late = row.offers.filter(state=OfferState.ASKED.value, due_at__lte=now)
    publish(
        *(
            events.RequestLapsed(**about(row, user_id, now=now, actor=SYSTEM))
            for user_id in late.values_list("user_id", flat=True)
        )
    )
    late.update(state=OfferState.LAPSED.value)
    go_on(row, now=now, actor=SYSTEM)
