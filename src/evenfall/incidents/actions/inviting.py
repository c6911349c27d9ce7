"""Calling those whom the table names, because of how bad an incident is: once for each incident.

It goes by what the incidents are now, so that any fact about them may come late or twice. Two at
the same time meet at the lock of the incident; whoever comes second finds who was called.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents import events
from evenfall.incidents.actions import briefing, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.naming import name_insiders
from evenfall.incidents.logic import hearing
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.models import IS_LIVE, LIVE_STATES, Called, Incident, RoleAssignment
from evenfall.incidents.queries.hearing import listener_rows
from evenfall.paging import actions as paging_actions
from evenfall.paging.ports import PageRequest, Urgency
from evenfall.platform.events import SYSTEM, publish

PREFIX: Final = "invited:"
IS_OVER: Final = "the incident is over"


class _Call(Struct, frozen=True):
    """One person or one team that is called to one incident, and the row that says so."""

    incident: Incident
    row: hearing.Listener

    @property
    def key(self) -> tuple[int, int | None, int | None]:
        return (self.incident.pk, self.row.user_id, self.row.group_id)

    @property
    def subject(self) -> str:
        return subject(*self.key)


def subject(incident_id: int, user_id: int | None, group_id: int | None) -> str:
    """Return how such a page is named: "invited:17:user:3" or "invited:17:team:4"."""
    who = f"team:{group_id}" if user_id is None else f"user:{user_id}"
    return f"{PREFIX}{incident_id}:{who}"


def invite(*, incident_ids: Collection[int], now: datetime) -> None:
    """Call whom the table names for live ones among these, unless they were called to it before.

    People who answered it or have a role in it are there already: nobody calls them, then or
    later. A fixed number of queries. Locks incidents, then pages.
    """
    rows = listener_rows([Hears.CALLED])
    if not rows:
        return
    live = Incident.objects.filter(IS_LIVE, id__in=incident_ids)
    wanted = {call.incident.pk for call in _calls(live, rows)}
    if not wanted:
        return
    with transaction.atomic():
        locked = [row for row in moving.lock_many(wanted) if row.state in LIVE_STATES]
        calls = {call.key: call for call in _calls(locked, rows)}
        known = Called.objects.filter(incident_id__in=wanted)
        for key in known.values_list("incident_id", "user_id", "group_id"):
            calls.pop(key, None)
        if calls:
            _call(list(calls.values()), By(actor=SYSTEM, at=now))


def stop_invitations(*, incident_ids: Collection[int], now: datetime) -> None:
    """Whoever still rings for incidents that are over is left alone. Locks pages."""
    called = Called.objects.filter(incident_id__in=incident_ids, page_id__isnull=False)
    over = called.exclude(incident__state__in=LIVE_STATES)
    subjects = [subject(*key) for key in over.values_list("incident_id", "user_id", "group_id")]
    if subjects:
        paging_actions.stop_pages(subjects=subjects, reason=IS_OVER, now=now, actor=SYSTEM)


def _calls(incidents: Iterable[Incident], rows: Sequence[hearing.Listener]) -> list[_Call]:
    return [
        _Call(incident, row)
        for incident in incidents
        for row in rows
        if hearing.fits(
            row,
            severity=incident.severity,
            environment=incident.environment,
            team_id=incident.team_id,
        )
    ]


def _call(calls: Sequence[_Call], by: By) -> None:
    here = _at_work({call.incident.pk: call.incident for call in calls})
    names = _names(calls)
    absent = [call for call in calls if (call.incident.pk, call.row.user_id) not in here]
    unique = {call.incident.pk: call.incident for call in absent}
    said = briefing.contents(list(unique.values()), now=by.at)
    urgency = _urgencies(unique.values(), by.at)
    requests = [
        PageRequest(
            subject=call.subject,
            content=said[call.incident.pk],
            user_id=call.row.user_id,
            team_id=call.row.group_id,
            urgency=urgency[call.incident.environment],
        )
        for call in absent
    ]
    _name_insiders(absent, at=by.at)
    pages = paging_actions.start_pages(requests=requests, now=by.at, actor=by.actor)
    Called.objects.bulk_create(
        Called(
            incident=call.incident,
            user_id=call.row.user_id,
            group_id=call.row.group_id,
            page_id=pages.get(call.subject),
            called_at=by.at,
        )
        for call in calls
    )
    facts = [
        events.MorePaged(
            **moving.about(call.incident, by),
            who=names[call.row.id],
            page_id=pages[call.subject],
            why=f"It is {call.incident.severity}.",
        )
        for call in absent
    ]
    if facts:
        publish(*facts)


def _name_insiders(calls: Iterable[_Call], *, at: datetime) -> None:
    """People who are named may see it at once; of teams those whom paging finds (`name_called`)."""
    private: dict[int, list[_Call]] = {}
    for call in calls:
        if call.incident.is_private:
            private.setdefault(call.incident.pk, []).append(call)
    for some in private.values():
        name_insiders(some[0].incident, [call.row.user_id for call in some], at=at)


def _urgencies(incidents: Iterable[Incident], now: datetime) -> dict[str, Urgency]:
    """Outside production nobody is woken out of working hours, whatever the table says."""
    return {
        word: Urgency.HIGH if alerting_queries.may_wake(Environment(word), now) else Urgency.LOW
        for word in {row.environment for row in incidents}
    }


def _at_work(incidents: Mapping[int, Incident]) -> set[tuple[int, int | None]]:
    """Who is there already, as pairs of incident and person."""
    crew = RoleAssignment.objects.filter(incident_id__in=incidents, ended_at=None)
    answered = {
        (row.pk, number)
        for row in incidents.values()
        for number in (row.acknowledged_by_id, row.mobilised_by_id)
        if number is not None
    }
    return answered | set(crew.values_list("incident_id", "user_id"))


def _names(calls: Sequence[_Call]) -> dict[int, str]:
    rows = {call.row.id: call.row for call in calls}
    people = identity_queries.names(row.user_id for row in rows.values())
    ids = {row.group_id for row in rows.values() if row.group_id is not None}
    teams = {team.id: team.name for team in identity_queries.teams(ids)} if ids else {}
    return {
        number: f"the team {teams[row.group_id]}"
        if row.group_id is not None
        else people[row.user_id or 0]
        for number, row in rows.items()
    }
