"""What people do with an incident: acknowledge, work on it, resolve, reopen.

Each action moves the incident at once and tells the page in the same transaction; the facts that
the page publishes then find the incident moved already.
"""

from datetime import datetime

from django.db import transaction

from evenfall.incidents import errors, events
from evenfall.incidents.actions import calling, moving, sources
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import states
from evenfall.incidents.logic.states import REOPEN_BY_PERSON, Act, State
from evenfall.incidents.models import Incident
from evenfall.paging.ports import Response


def acknowledge_incident(
    *, incident_id: int, user_id: int | None, now: datetime, actor: str, via: str = "web"
) -> None:
    """Say "I have seen it": nobody else is called. Twice is not an error.

    Raises IncidentNotFound, NotPossible (resolved or merged).
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, Act.ACKNOWLEDGE)
        by = By(actor=actor, at=now, user_id=user_id)
        moving.save([incident], moving.acknowledge(incident, by), now=now)
        calling.answer(incident, Response.ACKNOWLEDGE, by, via=via)


def mobilise_incident(
    *, incident_id: int, user_id: int | None, now: datetime, actor: str, via: str = "web"
) -> None:
    """Say "I'm on it": hands are on the keyboard. Raises as `acknowledge_incident`."""
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, Act.MOBILISE)
        by = By(actor=actor, at=now, user_id=user_id)
        moving.save([incident], moving.mobilise(incident, by), now=now)
        calling.answer(incident, Response.ON_IT, by, via=via)


def resolve_incident(
    *,
    incident_id: int,
    user_id: int | None,
    now: datetime,
    actor: str,
    via: str = "web",
    not_actionable: bool = False,
) -> None:
    """Say "it is over"; with `not_actionable` also "nobody should have been called for this".

    Its alerts end as well, so that the same problem seen again calls people again.
    Raises IncidentNotFound, NotPossible (merged).
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.check(incident, Act.RESOLVE)
        by = By(actor=actor, at=now, user_id=user_id)
        moving.save([incident], moving.resolve(incident, by), now=now)
        if not_actionable:
            _mark(incident, by, not_actionable=True)
        response = Response.NOT_ACTIONABLE if not_actionable else Response.RESOLVE
        calling.answer(incident, response, by, via=via)
        sources.end_alerts([incident.pk], by)


def reopen_incident(
    *, incident_id: int, now: datetime, actor: str, why: str = "", page: bool = False
) -> None:
    """Say "it was not over", within three days of its end; with `page` people are called again.

    Raises IncidentNotFound, NotPossible (not resolved, merged, too late), GroupTaken (a newer
    incident holds the same alerts).
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.require(
            states.reopen(
                State(incident.state), incident.resolved_at, now=now, window=REOPEN_BY_PERSON
            ),
            incident,
        )
        _require_free_group(incident)
        by = By(actor=actor, at=now)
        facts = moving.reopen(incident, by, why=why.strip())
        moving.save([incident], facts, now=now)
        moving.regain_groups([incident.pk])
        if page:
            calling.start(incident, by)


def mark_not_actionable(
    *, incident_id: int, now: datetime, actor: str, not_actionable: bool = True
) -> None:
    """Say that nobody should have been called for this (or take it back); feeds the noise audit."""
    with transaction.atomic():
        incident = moving.lock(incident_id)
        if State(incident.state) is State.MERGED:
            raise errors.NotPossible(incident_id=incident_id, reason=states.Refusal.FROZEN.value)
        _mark(incident, By(actor=actor, at=now), not_actionable=not_actionable)


def _mark(incident: Incident, by: By, *, not_actionable: bool) -> None:
    if incident.not_actionable == not_actionable:
        return
    incident.not_actionable = not_actionable
    incident.save(update_fields=["not_actionable"])
    fact = events.MarkedNotActionable(**moving.about(incident, by), withdrawn=not not_actionable)
    moving.save([incident], [fact], now=by.at)


def _require_free_group(incident: Incident) -> None:
    """A race with alerts that open a new incident ends at the unique index, as it must."""
    holder = Incident.objects.filter(group_key=incident.group_key, holds_group=True).first()
    if incident.group_key and holder is not None:
        other = holder.merged_into_id or holder.pk
        raise errors.GroupTaken(incident_id=incident.pk, other_id=other)
