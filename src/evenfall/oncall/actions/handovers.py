"""What people leave for the next one, and how they want to be told of their shifts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec.structs import asdict

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks, shift_notices
from evenfall.oncall.logic.handovers import LookAhead
from evenfall.oncall.logic.summaries import Cadence
from evenfall.oncall.models import (
    MOST_HANDOVER_NOTE,
    HandoverNote,
    NoticeWish,
    Rota,
    SummaryTurn,
)
from evenfall.platform.events import publish


@transaction.atomic
def write_handover_note(
    *, rota_id: int, user_id: int, text: str, now: datetime, actor: str
) -> None:
    """Leave a note with the shift that runs, in place of one's earlier one; empty takes it back.

    Raises `RotaNotFound`, `HandoverNoteTooLong`.
    """
    rota = Rota.objects.filter(id=rota_id, deleted_at=None).first()
    if rota is None:
        raise errors.RotaNotFound(rota_id=rota_id)
    text = checks.clean_text(text).strip()
    if len(text) > MOST_HANDOVER_NOTE:
        raise errors.HandoverNoteTooLong(most=MOST_HANDOVER_NOTE, field="text")
    mine: dict[str, Any] = {
        "rota": rota,
        "author_id": user_id,
        "tour_starts_at": queries.tour_start(rota_id, now=now),
    }
    before = HandoverNote.objects.filter(**mine).values_list("text", flat=True).first() or ""
    if text == before:
        return
    if text:
        HandoverNote.objects.update_or_create(defaults={"text": text, "written_at": now}, **mine)
    else:
        HandoverNote.objects.filter(**mine).delete()
    publish(
        events.HandoverNoteWritten(
            rota_id=rota_id,
            team_id=rota.team_id,
            before={"text": before},
            after={"text": text},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def save_notice_wish(
    *,
    user_id: int,
    look_ahead: LookAhead,
    summary: Cadence | None,
    now: datetime,
    actor: str,
) -> None:
    """Keep how somebody wants to be told; `summary` None brings the default back.

    What waits is planned again at once.
    """
    before = queries.notice_wishes([user_id])[user_id]
    after = queries.NoticeWishView(look_ahead=look_ahead, summary=summary)
    if before == after:
        return
    NoticeWish.objects.update_or_create(
        user_id=user_id,
        defaults={
            "look_ahead": look_ahead.value,
            "summary": summary.value if summary else None,
            "changed_at": now,
        },
    )
    SummaryTurn.objects.filter(user_id=user_id).delete()
    teams = identity_queries.team_ids_of(user_id)
    shift_notices.replan(rota_ids=shift_notices.rotas_that_tell(user_id, team_ids=teams), now=now)
    changed = events.NoticeWishChanged(
        user_id=user_id, before=asdict(before), after=asdict(after), at=now, actor=actor
    )
    publish(changed)
