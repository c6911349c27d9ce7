"""A rollout in the ledger of changes, where suspects and the measures of delivery come from.

One that brings a release is not written down here: the release is in the ledger itself.
"""

from datetime import datetime
from typing import Final

from evenfall.changes import actions as changes_actions
from evenfall.changes.ports import ChangeKind, Deploy, DeployState
from evenfall.notifications import queries as notifications_queries
from evenfall.rollouts.models import Rollout

SOURCE: Final = "rollouts"


def record(row: Rollout, state: DeployState, *, now: datetime, actor: str) -> int:
    """Write down how far it is; returns the id of the change, which is the same each time.

    It took effect when it was first written down: with its first traffic.
    """
    deploy = Deploy(
        state=state, finished_at=now, version=row.version, previous_version=row.stable_version
    )
    return _record(row, f"{row.version} to {row.target.environment}", deploy, now=now, actor=actor)


def record_undone(row: Rollout, *, now: datetime, actor: str) -> None:
    """All its traffic went back: it failed, or it was finished and is undone."""
    if row.promoted_at is None:
        record(row, DeployState.FAILED, now=now, actor=actor)
        return
    change_id = record(row, DeployState.FINISHED, now=now, actor=actor)
    changes_actions.tell_undone(change_id=change_id, at=now, now=now, actor=actor)


def record_return(row: Rollout, brought: Rollout, *, now: datetime, actor: str) -> None:
    """A version before is back, which undoes the rollout that had brought the newer one."""
    deploy = Deploy(
        finished_at=now,
        version=row.version,
        previous_version=row.stable_version,
        is_unplanned=True,
        rolls_back=_number(brought),
    )
    summary = f"Back to {row.version} in {row.target.environment}"
    _record(row, summary, deploy, now=now, actor=actor)


def _record(row: Rollout, summary: str, deploy: Deploy, *, now: datetime, actor: str) -> int:
    page = notifications_queries.absolute(f"/rollouts/{row.pk}/")
    return changes_actions.record_change(
        service_id=row.target.service_id,
        summary=summary,
        source=SOURCE,
        at=now,
        links=[{"href": page, "text": "Rollout"}],
        kind=ChangeKind.DEPLOY.value,
        environment=row.target.environment,
        external_id=_number(row),
        deploy=deploy,
        now=now,
        actor=actor,
    )


def _number(row: Rollout) -> str:
    return f"rollout-{row.pk}"
