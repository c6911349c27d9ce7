"""What people write on an incident: its severity, its title, notes."""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.alerting.ports import Severity
from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, counting, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import markdown
from evenfall.incidents.logic.states import Refusal, State
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident, Note

NOTE_LENGTH: Final = 20_000


def set_severity(*, incident_id: int, severity: Severity | None, now: datetime, actor: str) -> None:
    """Set how bad it is, whatever the alerts say; None lets the alerts decide again.

    Raises IncidentNotFound, NotPossible (merged).
    """
    with transaction.atomic():
        incident = _changeable(incident_id)
        before = incident.severity
        by = By(actor=actor, at=now)
        incident.severity_set_by_person = severity is not None
        incident.save(update_fields=["severity_set_by_person"])
        if severity is None:
            facts = counting.refresh([incident], by)
        else:
            incident.severity = severity.value
            facts = [
                events.SeverityChanged(
                    **moving.about(incident, by),
                    before=before,
                    after=severity.value,
                    by_person=True,
                )
            ]
        moving.save([incident], facts, now=now)
        calling.update(incident, now=now)


def rename(*, incident_id: int, title: str, now: datetime, actor: str) -> None:
    """Give it a better title. Raises IncidentNotFound, NotPossible (merged), TitleMissing."""
    wanted = one_line(title)
    if not wanted:
        raise errors.TitleMissing(field="title")
    with transaction.atomic():
        incident = _changeable(incident_id)
        before = incident.title
        if wanted == before:
            return
        incident.title, incident.title_set_by_person, incident.lead_title = wanted, True, ""
        incident.save(update_fields=["title", "title_set_by_person", "lead_title"])
        fact = events.IncidentRenamed(
            **moving.about(incident, By(actor=actor, at=now)), before=before, after=wanted
        )
        moving.save([incident], [fact], now=now)
        calling.update(incident, now=now)


def add_note(*, incident_id: int, text: str, user_id: int | None, now: datetime, actor: str) -> int:
    """Write a note (Markdown, no HTML) and return its id; it counts as a sign of life.

    Raises IncidentNotFound, NotPossible (merged), NoteEmpty, NoteTooLong.
    """
    written = text.strip()
    if not written:
        raise errors.NoteEmpty(field="text")
    if len(written) > NOTE_LENGTH:
        raise errors.NoteTooLong(field="text", most=NOTE_LENGTH)
    with transaction.atomic():
        incident = _changeable(incident_id)
        note = Note.objects.create(
            incident=incident,
            author_id=user_id,
            actor=actor,
            text=written,
            html=markdown.to_html(written),
            written_at=now,
            happened_at=now,
        )
        fact = events.NoteAdded(
            **moving.about(incident, By(actor=actor, at=now)),
            note_id=note.pk,
            text=one_line(written, length=500),
        )
        moving.save([incident], [fact], now=now)
        calling.keep_alive(incident, now=now)
        return note.pk


def _changeable(incident_id: int) -> Incident:
    incident = moving.lock(incident_id)
    if State(incident.state) is State.MERGED:
        raise errors.NotPossible(incident_id=incident_id, reason=Refusal.FROZEN.value)
    return incident
