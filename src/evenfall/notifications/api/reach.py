"""How well messages get through, over the API."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from evenfall.identity import queries as identity_queries
from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications.queries import rates
from evenfall.platform.clock import utc_now

router = Router(tags=["notifications"])

Days = Annotated[int, Query(ge=1, le=90)]


class RateOut(Schema):
    """What became of messages. Times are seconds, null where nothing can be measured."""

    kind: str
    channel: str
    via: str
    """The provider, where the kind of channel has several."""
    sent: int
    accepted: int
    delivered: int
    failed: int
    accept_median_s: float | None
    accept_p95_s: float | None
    deliver_median_s: float | None
    deliver_p95_s: float | None


class ReachOut(Schema):
    days: int
    items: list[RateOut]


class PersonReachOut(Schema):
    user_id: int
    name: str
    items: list[RateOut]


class TeamReachOut(Schema):
    days: int
    people: list[PersonReachOut]


@router.get("/reports/reach", response=ReachOut, auth=api_auth(Permission.VIEW))
def get_reach(request: HttpRequest, days: Days = 7) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Each channel and provider, by what it did with each try of the last days."""
    return {"days": days, "items": rates.provider_rates(now=utc_now(), days=days)}


@router.get(
    "/reports/reach/teams/{int:team_id}", response=TeamReachOut, auth=api_auth(Permission.MANAGE)
)
def get_team_reach(request: HttpRequest, team_id: int, days: Days = 7) -> dict[str, Any]:
    """Each person of a team, by whether messages arrived in the end; who got none has no items."""
    identity_queries.team(team_id)
    viewer_of(request).check(Permission.MANAGE, team_id=team_id)
    people = [member.person for member in identity_queries.team_members(team_id)]
    found = rates.person_rates([person.id for person in people], now=utc_now(), days=days)
    lines = [
        {"user_id": person.id, "name": person.name, "items": found.get(person.id, [])}
        for person in people
    ]
    return {"days": days, "people": lines}
