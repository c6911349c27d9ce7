"""Calling more people to an incident."""

from collections.abc import Sequence
from datetime import datetime

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
        who = [(name, {"user_id": number}) for number, name in _people(user_ids).items()]
        if team_id is not None:
            who.append((f"the team {identity_queries.team(team_id).name}", {"team_id": team_id}))
        if policy_id is not None:
            name = paging_queries.policy(policy_id).name
            who.append((f"the policy {name}", {"policy_id": policy_id}))
        by = By(actor=actor, at=now)
        return [_page(incident, name, target, message, by) for name, target in who]


def _page(incident: Incident, name: str, target: dict[str, int], message: str, by: By) -> int:
    page_id = paging_actions.page_by_hand(
        message=_message(incident, message), now=by.at, actor=by.actor, **target
    )
    fact = events.MorePaged(**moving.about(incident, by), who=name, page_id=page_id)
    moving.save([incident], [fact], now=by.at)
    return page_id


def _message(incident: Incident, message: str) -> str:
    about = f"Incident #{incident.pk} needs you: {incident.title}"
    return one_line(f"{message.strip()} ({about})" if message.strip() else about)


def _people(user_ids: Sequence[int]) -> dict[int, str]:
    return {number: identity_queries.person(number).name for number in dict.fromkeys(user_ids)}
