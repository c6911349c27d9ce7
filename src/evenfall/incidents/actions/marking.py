"""What people say about an entry of the timeline: that it matters, and a remark below it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.incidents import errors, events, queries
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, Mark

REMARK_LENGTH: Final = 500


def pin_entry(
    *, incident_id: int, entry: str, now: datetime, actor: str, pinned: bool = True
) -> None:
    """Say that an entry belongs to what is told afterwards, or take that back.

    `entry` is its key ("fact-12"). Twice is not an error. Raises IncidentNotFound, NotPossible
    (merged), EntryNotFound.
    """
    with transaction.atomic():
        incident = changeable(incident_id)
        mark = _mark(incident, entry, now=now)
        if mark.is_pinned == pinned:
            return
        mark.is_pinned = pinned
        mark.save()
        fact = events.EntryPinned(
            **moving.about(incident, By(actor=actor, at=now)), entry=entry, withdrawn=not pinned
        )
        moving.save([incident], [fact], now=now)


def annotate_entry(*, incident_id: int, entry: str, text: str, now: datetime, actor: str) -> None:
    """Put a short remark below an entry, in place of the one before; an empty one takes it away.

    Raises IncidentNotFound, NotPossible (merged), EntryNotFound, RemarkTooLong.
    """
    remark = one_line(text, length=REMARK_LENGTH + 1)
    if len(remark) > REMARK_LENGTH:
        raise errors.RemarkTooLong(field="remark", most=REMARK_LENGTH)
    with transaction.atomic():
        incident = changeable(incident_id)
        mark = _mark(incident, entry, now=now)
        if mark.remark == remark:
            return
        mark.remark, mark.remark_actor, mark.remarked_at = remark, actor, now
        mark.save()
        fact = events.EntryAnnotated(
            **moving.about(incident, By(actor=actor, at=now)), entry=entry, text=remark
        )
        moving.save([incident], [fact], now=now)


def _mark(incident: Incident, entry: str, *, now: datetime) -> Mark:
    queries.require_entry(incident.pk, entry, now=now)
    known = Mark.objects.filter(incident=incident, entry=entry).first()
    return known or Mark(incident=incident, entry=entry)
