"""Going back to the version before, after the one that runs was proven.

It is a rollout of its own, without steps and without an analysis: all traffic goes there at once.
Where the old side is kept no more the version is deployed first, and until it is there nothing
moves.
"""

from datetime import datetime

from django.db import transaction

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.rollouts import errors, events, queries
from evenfall.rollouts.actions import deploying
from evenfall.rollouts.actions.starting import about, begin_queued
from evenfall.rollouts.actions.targets import locked_target
from evenfall.rollouts.logic.plan import all_at_once, read_written, written
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.logic.way_back import WayBack
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.ports import AlreadyThere


@transaction.atomic
def return_to_proven(*, target_id: int, reason: str = "", now: datetime, actor: str) -> int:
    """Begin the way back; returns the id of the rollout that goes it.

    The target must have no rollout under way. Raises TargetNotFound, NothingToReturnTo,
    NothingDeploys.
    """
    target = locked_target(target_id)
    way = queries.way_back(target_id, now=now)
    if way is None:
        raise errors.NothingToReturnTo(service=catalog_queries.service(target.service_id).name)
    if way.must_deploy and target.deploy_kind == AlreadyThere.name:
        raise errors.NothingDeploys(version=way.version, side=way.side)
    row = _made(target, way, reason, now=now, actor=actor)
    if not way.must_deploy:
        deploying.note_there(row, now=now)
    publish(
        events.RolloutStarted(
            **about(row), strategy="return", reason=row.reason, at=now, actor=actor
        )
    )
    begin_queued(target, now=now)
    return row.pk


def _made(target: Target, way: WayBack, reason: str, *, now: datetime, actor: str) -> Rollout:
    plan = all_at_once(read_written(target.plan))
    said = " ".join(reason.replace("\0", "").split())[:500]
    return Rollout.objects.create(
        target=target,
        version=way.version,
        side=way.side,
        plan=written(plan),
        is_return=True,
        is_trusted=True,
        state=State.QUEUED.value,
        since=now,
        reason=said or f"Back from {way.proof.version}.",
        started_by=actor,
        started_at=now,
    )
