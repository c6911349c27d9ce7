"""A post-mortem is made: by a person, or by the end of a bad incident."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from evenfall.catalog.ports import Environment
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.ports import Review
from evenfall.incidents.queries import IncidentView
from evenfall.platform.events import SYSTEM, publish
from evenfall.postmortems import errors, events, queries
from evenfall.postmortems.actions import loading
from evenfall.postmortems.logic import deadlines, filling, templates
from evenfall.postmortems.logic.states import State
from evenfall.postmortems.models import Postmortem, Section, SectionVersion


def start_postmortem(
    *, incident_id: int, owner_id: int | None = None, now: datetime, actor: str
) -> int:
    """Make the draft of an incident that is over, its sections filled in, and return its number.

    Raises IncidentNotFound, IncidentNotOver, AlreadyWritten, OwnerNotActive.
    """
    view = incidents_queries.incident(incident_id)
    if view.resolved_at is None or view.is_live:
        raise errors.IncidentNotOver(incident_id=incident_id)
    if owner_id is not None:
        loading.check_active([owner_id])
    with transaction.atomic():
        loading.one_at_a_time(incident_id)
        known = Postmortem.objects.filter(incident_id=incident_id).first()
        if known is not None:
            raise errors.AlreadyWritten(incident_id=incident_id, postmortem_id=known.pk)
        return _start(view, owner_id, now=now, actor=actor)


@transaction.atomic
def start_drafts(*, incident_ids: Collection[int], now: datetime) -> list[int]:
    """Make the drafts of incidents in production that just ended and ask for a full review.

    Return their numbers. One that was reopened since, asks for less, or has a post-mortem is left
    alone.
    """
    started = []
    for number in sorted(set(incident_ids)):
        loading.one_at_a_time(number)
        view = incidents_queries.incidents([number]).get(number)
        if view is None or not _wants_draft(view):
            continue
        if not Postmortem.objects.filter(incident_id=number).exists():
            owner = view.resolved_by or view.mobilised_by or view.acknowledged_by
            active = owner is not None and loading.is_active(owner.id)
            owner_id = owner.id if owner is not None and active else None
            started.append(_start(view, owner_id, now=now, actor=SYSTEM))
    return started


def _wants_draft(view: IncidentView) -> bool:
    return (
        view.duty.review is Review.FULL
        and view.environment is Environment.PROD
        and view.resolved_at is not None
        and not view.is_live
        and view.merged_into_id is None
    )


def _start(view: IncidentView, owner_id: int | None, *, now: datetime, actor: str) -> int:
    kind = templates.kind_for(view.severity, view.environment)
    due = deadlines.due_at(view.severity, now)
    row = Postmortem.objects.create(
        incident_id=view.id,
        title=view.title,
        kind=kind.value,
        severity=view.severity.value,
        environment=view.environment.value,
        service_id=view.service_id,
        team_id=view.team_id,
        owner_id=owner_id,
        state=State.DRAFT.value,
        created_at=now,
        due_at=due,
        remind_at=deadlines.next_reminder(now, due, now),
    )
    _write_sections(row, now=now, actor=actor)
    publish(
        events.PostmortemStarted(
            **loading.about(row, now=now, actor=actor), title=row.title, by_itself=actor == SYSTEM
        )
    )
    return row.pk


def _write_sections(row: Postmortem, *, now: datetime, actor: str) -> None:
    facts = queries.incident_facts(row.incident_id, now=now)
    drafts = queries.template(row.kind).sections
    rows = Section.objects.bulk_create(
        Section(
            postmortem=row,
            position=place,
            title=draft.title,
            prompt=draft.prompt,
            fill="" if draft.fill is None else draft.fill.value,
            text=filling.filled(draft.fill, facts),
        )
        for place, draft in enumerate(drafts)
    )
    SectionVersion.objects.bulk_create(
        SectionVersion(section=one, number=one.version, text=one.text, actor=actor, saved_at=now)
        for one in rows
    )
