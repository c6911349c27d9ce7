"""How incidents call people: pages are started, told, answered and stopped in batches."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from evenfall.catalog.queries import ServiceView
from evenfall.incidents.actions import briefing, moving
from evenfall.incidents.actions.briefing import NOTHING, Known
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import PageContent, PageRequest, Response, Urgency
from evenfall.platform.events import Event

BECAME_URGENT: Final = "it became urgent"
MOST_RECOUNTED: Final = 20


def subject(incident_id: int) -> str:
    """Return how pages and the journal name an incident."""
    return f"incident:{incident_id}"


def claim(incidents: Iterable[Incident]) -> frozenset[int]:
    """Mark those for which `call` will start a page, in memory: the caller saves them anyway."""
    claimed = [row for row in incidents if _is_silent(row)]
    for row in claimed:
        row.is_paged = True
    return frozenset(row.pk for row in claimed)


def call(
    incidents: Sequence[Incident],
    by: By,
    *,
    urgent: Collection[int] = (),
    worse: Collection[int] = (),
    claimed: Collection[int] = (),
    known: Known = NOTHING,
) -> None:
    """See to it that each open incident has a page and that running pages say what is true.

    `urgent` are those for which a running page of low urgency is not enough any more, `worse`
    those whose severity changed, `claimed` what `claim` returned. `known` is what was read already.
    Of pages that merely count one alert more only so many are told at once.
    """
    stop([row for row in incidents if row.pk in urgent], reason=BECAME_URGENT, by=by)
    silent = [row for row in incidents if row.pk in claimed or _is_silent(row)]
    paged = [row for row in incidents if row.is_paged and row.pk not in claimed]
    told = [row for row in paged if row.pk in worse]
    told += [row for row in paged if row.pk not in worse][:MOST_RECOUNTED]
    known = briefing.with_services([*silent, *told], known)
    said = briefing.contents([*silent, *told], now=by.at, known=known)
    _start(silent, said, known.services, by)
    _update(told, said, now=by.at)


def retell(incidents: Sequence[Incident], *, now: datetime) -> None:
    """Change what running pages say about these; no page starts, and only so many are told."""
    told = [row for row in incidents if row.is_paged][:MOST_RECOUNTED]
    if told:
        _update(told, briefing.contents(told, now=now), now=now)


def alarm(incidents: Sequence[Incident], by: By) -> list[Event]:
    """Return the facts about incidents that became urgent: acknowledged ones are open again."""
    return [fact for row in incidents for fact in moving.alarm(row, by, why=BECAME_URGENT)]


def start(incident: Incident, by: By) -> None:
    """Start the page of an incident."""
    known = briefing.with_services([incident])
    said = briefing.contents([incident], now=by.at, known=known)
    _start([incident], said, known.services, by)


def update(incident: Incident, *, now: datetime) -> None:
    """Change what the running page of an incident says."""
    said = briefing.contents([incident], now=now)
    _update([incident], said, now=now)


def answer(incident: Incident, response: Response, by: By, *, via: str) -> None:
    """Give the incident's running page the answer that the incident got."""
    for page in paging_queries.pages_for([subject(incident.pk)]):
        if page.is_open:
            paging_actions.respond(
                page_id=page.id,
                response=response,
                user_id=by.user_id,
                via=via,
                now=by.at,
                actor=by.actor,
            )


def keep_alive(incident: Incident, *, now: datetime) -> None:
    """Somebody works on it: an acknowledged page waits again before it calls."""
    paging_actions.keep_alive(subjects=[subject(incident.pk)], now=now)


def stop(incidents: Sequence[Incident], *, reason: str, by: By) -> None:
    """Stop the pages: nobody needs to hear of it any more."""
    if not incidents:
        return
    subjects = [subject(row.pk) for row in incidents]
    paging_actions.stop_pages(subjects=subjects, reason=reason, now=by.at, actor=by.actor)
    _mark(incidents, is_paged=False)


def _is_silent(row: Incident) -> bool:
    return row.state == State.OPEN.value and not row.is_paged


def _start(
    incidents: Sequence[Incident],
    said: Mapping[int, PageContent],
    services: Mapping[int, ServiceView],
    by: By,
) -> None:
    if not incidents:
        return
    teams = {number: service.team_id for number, service in services.items()}
    requests = [
        PageRequest(
            subject=subject(row.pk),
            content=said[row.pk],
            service_id=row.service_id,
            service_team_id=teams.get(row.service_id or 0),
            team_id=row.team_id,
            policy_id=row.policy_id,
            urgency=Urgency(row.urgency),
        )
        for row in incidents
    ]
    paging_actions.start_pages(requests=requests, now=by.at, actor=by.actor)
    if unmarked := [row for row in incidents if not row.is_paged]:
        _mark(unmarked, is_paged=True)


def _mark(incidents: Sequence[Incident], *, is_paged: bool) -> None:
    Incident.objects.filter(id__in=[row.pk for row in incidents]).update(is_paged=is_paged)
    for row in incidents:
        row.is_paged = is_paged


def _update(
    incidents: Sequence[Incident], said: Mapping[int, PageContent], *, now: datetime
) -> None:
    if incidents:
        contents = {subject(row.pk): said[row.pk] for row in incidents}
        paging_actions.update_contents(contents=contents, now=now)
