"""Calling more people to an incident."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.incidents import errors, events
from evenfall.incidents.actions import moving
from evenfall.incidents.actions.moving import By
from evenfall.incidents.logic.titles import one_line
from evenfall.incidents.models import Incident
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries


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
        return [
            _page(incident, name, partial(paging_actions.page_by_hand, **target), message, by)
            for name, target in _targets(user_ids, team_id, policy_id)
        ]


def _targets(
    user_ids: Sequence[int], team_id: int | None, policy_id: int | None
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield whom to call: in words, and as arguments of a page."""
    for number in dict.fromkeys(user_ids):
        yield identity_queries.person(number).name, {"user_id": number}
    if team_id is not None:
        yield f"the team {identity_queries.team(team_id).name}", {"team_id": team_id}
    if policy_id is not None:
        name = paging_queries.policy(policy_id).name
        yield f"the policy {name}", {"policy_id": policy_id}


def _page(incident: Incident, name: str, call: Callable[..., int], message: str, by: By) -> int:
    page_id = call(message=_message(incident, message), now=by.at, actor=by.actor)
    fact = events.MorePaged(**moving.about(incident, by), who=name, page_id=page_id)
    moving.save([incident], [fact], now=by.at)
    return page_id


def _message(incident: Incident, message: str) -> str:
    about = f"Incident #{incident.pk} needs you: {incident.title}"
    return one_line(f"{message.strip()} ({about})" if message.strip() else about)
