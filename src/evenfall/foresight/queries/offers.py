"""Which findings one click mends: the facts behind the offers, read once for all of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import queries as catalog_queries
from evenfall.foresight.logic.kinds import Check
from evenfall.foresight.logic.mends import (
    Candidate,
    Offer,
    Staffed,
    owner_offer,
    person_offer,
    policy_offer,
    service_offer,
)
from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.paging.queries import PolicySearch, answered_for, policies


class PolicyOffers:
    """Offers for policies that find nobody; three queries for all of them."""

    def __init__(self, searches: Sequence[PolicySearch]) -> None:
        self._used = Counter(one.policy.id for one in searches)
        teams = {one.team_id for one in searches if one.team_id is not None}
        people = identity_queries.team_people(teams)
        leading = {number: one.leading_ids for number, one in people.items()}
        ids = {number for found in leading.values() for number in found}
        names = identity_queries.names(ids)
        kinds = notifications_queries.reachable_kinds(ids)
        self._candidates = {
            team_id: tuple(
                Candidate(
                    user_id=number,
                    name=names.get(number, ""),
                    is_reached=bool(kinds[number] - {notifications_queries.INBOX}),
                )
                for number in found
            )
            for team_id, found in leading.items()
        }

    def has_people(self, team_id: int | None) -> bool:
        return bool(self._candidates.get(team_id or 0))

    def of(self, search: PolicySearch, check: Check, step: int) -> Offer | None:
        return person_offer(
            check,
            policy_id=search.policy.id,
            step=step,
            team_id=search.team_id if search.policy.team_id == search.team_id else None,
            used_by=self._used[search.policy.id],
            candidates=self._candidates.get(search.team_id or 0, ()),
        )


def policy_offers(services: Collection[catalog_queries.ServiceView]) -> dict[int, Offer | None]:
    """For each of these services whether its team owns one policy that it could follow."""
    own: dict[int, dict[int, str]] = {}
    for view in policies():
        if view.team_id is not None:
            own.setdefault(view.team_id, {})[view.id] = view.name
    return {
        one.id: policy_offer(service_id=one.id, team_id=one.team_id, own=own.get(one.team_id, {}))
        for one in services
    }


def owner_offers(
    integration_ids: Collection[int], teams: Mapping[int, str], *, since: datetime
) -> dict[int, Offer | None]:
    """For each integration whether its alerts are all about services of one team."""
    heard = alerting_queries.services_heard_of(integration_ids, since=since)
    wanted = {number for found in heard.values() for number in found}
    owners = {number: one.team_id for number, one in catalog_queries.services(wanted).items()}
    return {
        number: owner_offer(
            number,
            {owners[one]: teams[owners[one]] for one in found if owners.get(one) in teams},
        )
        for number, found in heard.items()
    }


def service_offers(
    services: Collection[catalog_queries.ServiceView],
    teams: Mapping[int, str],
    *,
    since: datetime,
) -> dict[int, Offer | None]:
    """For each of these services whether all who answered for it are together in one team."""
    answered = answered_for([one.id for one in services], since=since)
    wanted = {user_id for found in answered.values() for user_id in found}
    people = identity_queries.team_people(teams.keys()) if wanted else {}
    staffed = {
        number: Staffed(name=teams[number], member_ids=frozenset(one.member_ids))
        for number, one in people.items()
    }
    return {
        one.id: service_offer(
            service_id=one.id, team_id=one.team_id, answered=answered[one.id], teams=staffed
        )
        for one in services
    }
