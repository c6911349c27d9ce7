"""Times that people say or correct afterwards; the old value stays in the journal, with why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.incidents import errors, events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.advancing import read_reason
from evenfall.incidents.actions.editing import changeable
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import stamps
from evenfall.incidents.logic.stamps import WORDS, Stamp
from evenfall.incidents.models import Incident

COLUMNS: Final[Mapping[Stamp, str]] = {
    Stamp.IMPACT_STARTED: "impact_started_at",
    Stamp.DETECTED: "detected_at",
    Stamp.DECLARED: "opened_at",
    Stamp.ACKNOWLEDGED: "acknowledged_at",
    Stamp.MITIGATED: "mitigated_at",
    Stamp.RESOLVED: "resolved_at",
    Stamp.CLOSED: "closed_at",
}


def correct_stamp(
    *, incident_id: int, stamp: Stamp, at: datetime | None, why: str, now: datetime, actor: str
) -> None:
    """Say when it really was; None says that it is not known, or did not happen.

    Nothing else changes: neither the state nor another time. Raises ReasonMissing, ReasonTooLong,
    StampRefused (with the reason), IncidentNotFound, NotPossible (merged).
    """
    said = read_reason(why, field="why")
    with transaction.atomic():
        incident = changeable(incident_id)
        known = stamps_of(incident)
        refusal = stamps.refusal(known, stamp, at, now=now)
        if refusal:
            raise errors.StampRefused(field="at", stamp=WORDS[stamp], reason=refusal)
        if known[stamp] == at:
            return
        setattr(incident, COLUMNS[stamp], at)
        incident.save(update_fields=[COLUMNS[stamp]])
        fact = events.StampCorrected(
            **moving.about(incident, By(actor=actor, at=now)),
            stamp=stamp.value,
            before=known[stamp],
            after=at,
            why=said,
        )
        moving.save([incident], [fact], now=now)


def stamps_of(incident: Incident) -> dict[Stamp, datetime | None]:
    return {stamp: getattr(incident, column) for stamp, column in COLUMNS.items()}
