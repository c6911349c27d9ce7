"""Who has which role in an incident, what was handed over, and how much time of people it took."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors
from evenfall.incidents.logic import roles
from evenfall.incidents.logic.roles import CrewRole, Held
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import HandoverCard, RoleAssignment
from evenfall.incidents.queries.views import IncidentView, Named

_ORDER: Final = {role: place for place, role in enumerate(CrewRole)}


class RoleView(Struct, frozen=True, kw_only=True):
    """One person in one role; `ended_at` is None while they have it.

    `relief_offered_at`: a commander who commands for long; `relief_offered_to` was asked then.
    """

    id: int
    role: CrewRole
    meaning: str
    person: Named
    started_at: datetime
    ended_at: datetime | None
    handed_over_by: Named | None
    relief_offered_at: datetime | None
    relief_offered_to: Named | None


class PersonTime(Struct, frozen=True, kw_only=True):
    """How long one person had any role."""

    person: Named
    time: timedelta

    @property
    def seconds(self) -> float:
        return self.time.total_seconds()


class PeopleCost(Struct, frozen=True, kw_only=True):
    """The time of people in roles, whoever spent most first. Time, never money."""

    people: Sequence[PersonTime]

    @property
    def time(self) -> timedelta:
        return sum((one.time for one in self.people), timedelta())

    @property
    def person_hours(self) -> float:
        """The sum in hours, to the minute."""
        return round(self.time.total_seconds() / 3600, 2)


class HandoverView(Struct, frozen=True, kw_only=True):
    """What the successor was told; `tasks` and `notes` are as they were at that moment.

    A task has `title`, `owner` and `due_at`, a note `author`, `text` and `written_at`.
    """

    id: int
    incident_id: int
    role: CrewRole
    from_person: Named
    to_person: Named
    state: str
    severity: Sev
    next_steps: str
    tasks: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]
    given_at: datetime
    read_at: datetime | None


class Crew(Struct, frozen=True, kw_only=True):
    """Who works on an incident in which role, now and before.

    `offered_to`: nobody commands yet, and this person acknowledged first. `is_only_expert`: the
    commander of a critical incident is the only one who mends. `handover` is the newest one.
    """

    held: Sequence[RoleView]
    past: Sequence[RoleView]
    offered_to: Named | None
    is_only_expert: bool
    handover: HandoverView | None
    cost: PeopleCost

    @property
    def commander(self) -> RoleView | None:
        return next((one for one in self.held if one.role is CrewRole.COMMANDER), None)


def crew(view: IncidentView, *, now: datetime) -> Crew:
    """Three queries, however many people came and went; one where nobody had a role."""
    rows = list(RoleAssignment.objects.filter(incident_id=view.id).order_by("started_at", "id"))
    card = _cards(view.id).first() if rows else None
    people = _people(rows)
    held = sorted((_role(row, people) for row in rows if row.ended_at is None), key=_place)
    commanders = [one.person.id for one in held if one.role is CrewRole.COMMANDER]
    experts = [one.person.id for one in held if one.role is CrewRole.EXPERT]
    alone = roles.is_only_expert(commanders[0] if commanders else None, experts)
    return Crew(
        held=held,
        past=[_role(row, people) for row in rows if row.ended_at is not None],
        offered_to=view.acknowledged_by if view.is_live and not commanders else None,
        is_only_expert=alone and view.severity.is_major,
        handover=None if card is None else _handover(card, people),
        cost=_cost(rows, people, now),
    )


def people_cost(incident_id: int, *, now: datetime) -> PeopleCost:
    """Return the time of people until now; two roles of one person at a time count once."""
    rows = list(RoleAssignment.objects.filter(incident_id=incident_id))
    return _cost(rows, _people(rows), now)


def handover_cards(incident_id: int) -> list[HandoverView]:
    """Return what was handed over in an incident, newest first."""
    cards = list(_cards(incident_id))
    people = _people([card.assignment for card in cards])
    return [_handover(card, people) for card in cards]


def handover_card(incident_id: int, handover_id: int) -> HandoverView:
    """Raises HandoverNotFound."""
    card = _cards(incident_id).filter(id=handover_id).first()
    if card is None:
        raise errors.HandoverNotFound(incident_id=incident_id, handover_id=handover_id)
    return _handover(card, _people([card.assignment]))


def _cards(incident_id: int) -> QuerySet[HandoverCard]:
    cards = HandoverCard.objects.filter(incident_id=incident_id)
    return cards.select_related("assignment").order_by("-id")


def _people(rows: Sequence[RoleAssignment]) -> dict[int, Named]:
    ids = {
        user_id
        for row in rows
        for user_id in (row.user_id, row.handed_over_by_id, row.relief_offered_to_id)
        if user_id is not None
    }
    found = identity_queries.people(ids) if ids else {}
    return {person.id: Named(id=person.id, name=person.name) for person in found.values()}


def _place(view: RoleView) -> tuple[int, datetime, int]:
    return _ORDER[view.role], view.started_at, view.id


def _role(row: RoleAssignment, people: Mapping[int, Named]) -> RoleView:
    role = CrewRole(row.role)
    return RoleView(
        id=row.pk,
        role=role,
        meaning=roles.MEANING[role],
        person=people[row.user_id],
        started_at=row.started_at,
        ended_at=row.ended_at,
        handed_over_by=people.get(row.handed_over_by_id or 0),
        relief_offered_at=row.relief_offered_at,
        relief_offered_to=people.get(row.relief_offered_to_id or 0),
    )


def _handover(card: HandoverCard, people: Mapping[int, Named]) -> HandoverView:
    return HandoverView(
        id=card.pk,
        incident_id=card.incident_id,
        role=CrewRole(card.assignment.role),
        from_person=people[card.from_user_id],
        to_person=people[card.assignment.user_id],
        state=card.state,
        severity=Sev(card.severity),
        next_steps=card.next_steps,
        tasks=[{**task, "due_at": _time(task["due_at"])} for task in card.tasks],
        notes=[{**note, "written_at": _time(note["written_at"])} for note in card.notes],
        given_at=card.given_at,
        read_at=card.read_at,
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _cost(rows: Sequence[RoleAssignment], people: Mapping[int, Named], now: datetime) -> PeopleCost:
    held = [
        Held(user_id=row.user_id, starts_at=row.started_at, ends_at=row.ended_at) for row in rows
    ]
    spent = roles.person_time(held, until=now)
    longest = sorted(spent.items(), key=lambda one: (-one[1], one[0]))
    return PeopleCost(
        people=[PersonTime(person=people[user_id], time=time) for user_id, time in longest]
    )
