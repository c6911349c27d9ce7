"""How incidents call people: pages are started, told, answered and stopped in batches."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from evenfall.incidents.actions import briefing, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import PageContent, PageRequest, Response, Urgency
from evenfall.platform.events import Event

BECAME_URGENT: Final = "it became urgent"
MOST_RECOUNTED: Final = 50


def subject(incident_id: int) -> str:
    """Return how pages and the journal name an incident."""
    return f"incident:{incident_id}"


def call(
    incidents: Sequence[Incident],
    by: By,
    *,
    urgent: Collection[int] = (),
    worse: Collection[int] = (),
    fresh: Collection[int] = (),
) -> None:
    """See to it that each open incident has a page and that running pages say what is true.

    `urgent` are those for which a page of low urgency runs no longer enough, `worse` those whose
    severity changed, `fresh` those that cannot have a page yet. An open incident keeps the page
    it has: starting is repeatable.
    """
    said = briefing.contents(incidents, now=by.at)
    stop([row for row in incidents if row.pk in urgent], reason=BECAME_URGENT, by=by)
    is_open = [row for row in incidents if row.state == State.OPEN.value]
    _start(is_open, said, by)
    known = [row for row in incidents if row.pk not in fresh and row.pk not in urgent]
    _update(known, said, worse=worse, now=by.at)


def alarm(incidents: Sequence[Incident], by: By) -> list[Event]:
    """Return the facts about incidents that became urgent: acknowledged ones are open again."""
    return [fact for row in incidents for fact in moving.alarm(row, by, why=BECAME_URGENT)]


def start(incident: Incident, by: By) -> None:
    """Start the page of an incident."""
    _start([incident], briefing.contents([incident], now=by.at), by)


def update(incident: Incident, *, now: datetime) -> None:
    """Change what the running page of an incident says."""
    said = briefing.contents([incident], now=now)
    _update([incident], said, worse={incident.pk}, now=now)


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


def _start(incidents: Sequence[Incident], said: Mapping[int, PageContent], by: By) -> None:
    requests = [
        PageRequest(
            subject=subject(row.pk),
            content=said[row.pk],
            service_id=row.service_id,
            team_id=row.team_id,
            policy_id=row.policy_id,
            urgency=Urgency(row.urgency),
        )
        for row in incidents
    ]
    if requests:
        paging_actions.start_pages(requests=requests, now=by.at, actor=by.actor)


def _update(
    incidents: Sequence[Incident],
    said: Mapping[int, PageContent],
    *,
    worse: Collection[int],
    now: datetime,
) -> None:
    """Tell the pages, the changed severities first (steps of a policy depend on them).

    One statement each, so only so many of those that merely count one alert more.
    """
    changed = [row for row in incidents if row.pk in worse]
    counted = [row for row in incidents if row.pk not in worse][:MOST_RECOUNTED]
    for row in (*changed, *counted):
        paging_actions.update_content(subject=subject(row.pk), content=said[row.pk], now=now)
