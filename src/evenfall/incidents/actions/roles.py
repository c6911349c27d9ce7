"""Who does what in an incident: roles are given, taken, handed over and left.

All of it happens under the lock of the incident, so that two people who take command at the same
moment come one after the other. Locks: the incident, then its assignments.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import handing_over, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic import roles
from evenfall.incidents.logic.roles import SINGLE, CrewRole, Ending, HeirWhy
from evenfall.incidents.models import Incident, RoleAssignment
from evenfall.incidents.queries.succession import next_commander
from evenfall.platform.events import Event

NEXT_STEPS_LENGTH: Final = 5_000


def give_role(
    *,
    incident_id: int,
    role: CrewRole,
    user_id: int,
    now: datetime,
    actor: str,
    next_steps: str = "",
) -> int:
    """Give somebody a role and return the id of the assignment; whoever had it hands it over.

    Experts and observers join those who are there. Giving twice changes nothing. A hand-over keeps
    a card with `next_steps`. Somebody who did not take the role themselves is told. Raises
    IncidentNotFound, NotPossible (over or merged), UserNotFound, PersonNotActive,
    NextStepsTooLong.
    """
    _require_active(user_id)
    said = _next_steps(next_steps)
    with transaction.atomic():
        incident = _live(incident_id)
        by = By(actor=actor, at=now)
        row, facts = seat(incident, role, user_id, by, next_steps=said)
        moving.save([incident], facts, now=now)
        return row.pk


def leave_role(
    *,
    incident_id: int,
    role: CrewRole,
    user_id: int,
    now: datetime,
    actor: str,
    successor_id: int | None = None,
    next_steps: str = "",
) -> int | None:
    """End a role of somebody; return the id of the assignment of whoever follows, if anybody does.

    Command is never empty: without a successor it goes to the deputy, else to the lieutenant on
    call of a rota of the incident's team. Raises as `give_role`, and NotInRole, NoSuccessor.
    """
    if successor_id is not None:
        _require_active(successor_id)
    said = _next_steps(next_steps)
    with transaction.atomic():
        incident = _live(incident_id)
        by = By(actor=actor, at=now)
        leaving = _held_by(incident, role, user_id)
        heir = _heir(incident, role, leaving, successor_id, now=now)
        if heir is None:
            moving.save([incident], [_left(incident, leaving, by)], now=now)
            return None
        why = "" if heir.why is HeirWhy.NAMED else f"Found {heir.why.value}."
        if role not in SINGLE:
            end(leaving, Ending.HANDED_OVER, at=by.at)
        row, facts = seat(incident, role, heir.user_id, by, next_steps=said, why=why, after=leaving)
        moving.save([incident], facts, now=now)
        return row.pk


def read_handover(
    *, incident_id: int, handover_id: int, user_id: int, now: datetime, actor: str
) -> None:
    """Say "I have read it"; twice is not an error.

    Raises IncidentNotFound, HandoverNotFound, HandoverNotYours.
    """
    with transaction.atomic():
        incident = moving.lock(incident_id)
        card = handing_over.card_of(incident_id, handover_id)
        heir_id = card.assignment.user_id
        if heir_id != user_id:
            raise errors.HandoverNotYours(name=identity_queries.person(heir_id).name)
        if card.read_at is not None:
            return
        card.read_at = now
        card.save(update_fields=["read_at"])
        fact = events.HandoverRead(
            **moving.about(incident, By(actor=actor, at=now)),
            role=card.assignment.role,
            user_id=user_id,
            handover_id=card.pk,
        )
        moving.save([incident], [fact], now=now)


def seat(
    incident: Incident,
    role: CrewRole,
    user_id: int,
    by: By,
    *,
    next_steps: str = "",
    why: str = "",
    after: RoleAssignment | None = None,
) -> tuple[RoleAssignment, list[Event]]:
    """Put somebody into a role of a locked incident; return the assignment and the facts.

    `after` is whoever hands over; for a role of one person it is found here.
    """
    held = list(incident.roles.filter(role=role.value, ended_at=None))
    standing = next((row for row in held if row.user_id == user_id), None)
    if standing is not None:
        return standing, []
    before = held[0] if role in SINGLE and held else after
    facts = _step_up(incident, user_id, by) if role is CrewRole.COMMANDER else []
    if before is not None and before.ended_at is None:
        end(before, Ending.HANDED_OVER, at=by.at)
    row = _create(incident, role, user_id, by, before=before)
    if before is not None:
        handing_over.keep_card(incident, row, before, next_steps=next_steps, by=by)
    handing_over.tell(incident, row, by)
    return row, [*facts, _taken(incident, row, by, before=before, why=why)]


def end(row: RoleAssignment, why: Ending, *, at: datetime) -> None:
    """End an assignment, never before it began: clocks of two machines may differ."""
    row.ended_at, row.ended_why, row.relief_due_at = max(at, row.started_at), why.value, None
    row.save(update_fields=["ended_at", "ended_why", "relief_due_at"])


def _live(incident_id: int) -> Incident:
    incident = moving.lock(incident_id)
    moving.require_live(incident)
    return incident


def _require_active(user_id: int) -> None:
    person = identity_queries.person(user_id)
    if not person.is_active:
        raise errors.PersonNotActive(field="user_id", name=person.name)


def _next_steps(text: str) -> str:
    if len(text) > NEXT_STEPS_LENGTH:
        raise errors.NextStepsTooLong(field="next_steps", most=NEXT_STEPS_LENGTH)
    return text.strip()


def _held_by(incident: Incident, role: CrewRole, user_id: int) -> RoleAssignment:
    row = incident.roles.filter(role=role.value, user_id=user_id, ended_at=None).first()
    if row is None:
        name = identity_queries.person(user_id).name
        raise errors.NotInRole(name=name, role=role.value, incident_id=incident.pk)
    return row


def _heir(
    incident: Incident,
    role: CrewRole,
    leaving: RoleAssignment,
    named_id: int | None,
    *,
    now: datetime,
) -> roles.Heir | None:
    """Return who follows; only command has to go to somebody."""
    if named_id is not None and named_id != leaving.user_id:
        has_it = incident.roles.filter(role=role.value, user_id=named_id, ended_at=None).exists()
        return None if has_it else roles.Heir(named_id, HeirWhy.NAMED)
    if role is not CrewRole.COMMANDER:
        return None
    found = next_commander(
        incident.pk, team_id=incident.team_id, leaving_id=leaving.user_id, now=now
    )
    if found is None:
        raise errors.NoSuccessor(incident_id=incident.pk)
    return found


def _step_up(incident: Incident, user_id: int, by: By) -> list[Event]:
    """A deputy who takes command is not the deputy of themselves."""
    rows = incident.roles.filter(role=CrewRole.DEPUTY.value, user_id=user_id, ended_at=None)
    return [_left(incident, row, by) for row in rows]


def _left(incident: Incident, row: RoleAssignment, by: By) -> Event:
    end(row, Ending.LEFT, at=by.at)
    return events.RoleLeft(**moving.about(incident, by), role=row.role, user_id=row.user_id)


def _create(
    incident: Incident, role: CrewRole, user_id: int, by: By, *, before: RoleAssignment | None
) -> RoleAssignment:
    commands = role is CrewRole.COMMANDER
    return RoleAssignment.objects.create(
        incident=incident,
        user_id=user_id,
        role=role.value,
        started_at=by.at,
        given_by=by.actor,
        handed_over_by_id=None if before is None else before.user_id,
        relief_due_at=by.at + roles.RELIEF_AFTER if commands else None,
    )


def _taken(
    incident: Incident, row: RoleAssignment, by: By, *, before: RoleAssignment | None, why: str
) -> Event:
    return events.RoleTaken(
        **moving.about(incident, by),
        role=row.role,
        user_id=row.user_id,
        people=() if before is None else (events.CrewMember(user_id=before.user_id),),
        why=why,
    )
