"""Over the API: what a rollout has put where, and what the way back from it takes."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.rollouts import queries
from evenfall.rollouts.api.routing import router
from evenfall.rollouts.contexts import way_of
from evenfall.rollouts.logic.states import Deployed


class RolloutDeployOut(Schema):
    """`side` is blue, green or baseline; `seconds` what it took, null before it is done and where
    nothing had to be done.
    """

    side: str
    version: str
    state: Deployed
    words: str
    asked_at: datetime
    seconds: float | None


class RolloutWayBackOut(Schema):
    """What a rollback takes now. `deploys`: the version is kept no more and deployed first, which
    took `usual_s` seconds lately. `kept_until`: until when one switch is enough.
    """

    version: str
    side: str
    deploys: bool
    kept_until: datetime | None
    usual_s: float | None


class RolloutDeploysOut(Schema):
    """`way_back` is null where a rollback is one switch anyway, and where none leads anywhere."""

    items: list[RolloutDeployOut]
    way_back: RolloutWayBackOut | None


@router.get(
    "/rollouts/{int:rollout_id}/deploys", response=RolloutDeploysOut, auth=api_auth(Permission.VIEW)
)
def rollout_deploys(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    rollout_id: int,
) -> dict[str, Any]:
    """What it has put where, and what the way back takes after the promotion."""
    way = way_of(queries.rollout(rollout_id), now=utc_now())
    return {"items": queries.deploys(rollout_id), "way_back": way}
