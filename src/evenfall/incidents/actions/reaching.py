"""Calling more people to an incident."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import briefing, moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.actions.naming import name_insiders
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import PageContent, PageRequest


def page_more(
    *,
    incident_id: int,
    now: datetime,
    actor: str,
    user_ids: Sequence[int] = (),
    team_id: int | None = None,
    policy_id: int | None = None,
    message: str = "",
) -> list[int]:
    """Call these people, this team, or whoever a policy leads to; return the ids of their pages.

    Each is a page of its own beside the one of the incident, so that each answers for themselves.
    Raises IncidentNotFound, NotPossible (over or merged), NobodyToPage, UserNotFound,
    TeamNotFound, PolicyNotFound.
    """
    if not user_ids and team_id is None and policy_id is None:
        raise errors.NobodyToPage(field="user_ids")
    with transaction.atomic():
        incident = moving.lock(incident_id)
        moving.require_live(incident)
        by = By(actor=actor, at=now)
        said = _content(incident, message, by)
        calls = {
            f"call:{uuid.uuid4().hex}": (name, partial(PageRequest, content=said, **target))
            for name, target in _targets(user_ids, team_id, policy_id)
        }
        requests = [request(subject=subject) for subject, (_, request) in calls.items()]
        name_insiders(incident, user_ids, at=now)
        pages = paging_actions.start_pages(requests=requests, now=now, actor=actor)
        facts = [
            events.MorePaged(**moving.about(incident, by), who=name, page_id=pages[subject])
            for subject, (name, _) in calls.items()
        ]
        moving.save([incident], facts, now=now)
        return [fact.page_id for fact in facts]


def _targets(
    user_ids: Sequence[int], team_id: int | None, policy_id: int | None
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield whom to call: in words, and as fields of a page request."""
    for number in dict.fromkeys(user_ids):
        yield identity_queries.person(number).name, {"user_id": number}
    if team_id is not None:
        yield f"the team {identity_queries.team(team_id).name}", {"team_id": team_id}
    if policy_id is not None:
        name = paging_queries.policy(policy_id).name
        yield f"the policy {name}", {"policy_id": policy_id}


def _content(incident: Incident, message: str, by: By) -> PageContent:
    """The same page as the incident's own, with what the caller needs in the first place."""
    said = briefing.contents([incident], now=by.at)[incident.pk]
    wanted = one_line(message)
    if not wanted or incident.is_private:
        return said
    return replace(said, summary=f"{wanted} {said.summary}".strip())
