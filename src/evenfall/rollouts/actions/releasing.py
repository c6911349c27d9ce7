"""What a rollout means for the release that it brings: its passage moves along.

One that brings none is a change of its own.

A refusal of releases never stops traffic on its way: it is written to the log, and people see both.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from evenfall.changes.ports import DeployState
from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger
from evenfall.releases import actions as releases_actions
from evenfall.releases import queries as releases_queries
from evenfall.releases.actions import Outcome
from evenfall.releases.ports import State as Passing
from evenfall.rollouts import errors
from evenfall.rollouts.actions import recording
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.models import Rollout, Target

log = get_logger(__name__)


def brought(target: Target, version: str, passage_id: int | None) -> int | None:
    """The passage that a rollout of this version brings on: the one named, else what waits for it.

    So a release that somebody registered cannot be led past its gates by naming its version only.
    Raises PassageNotFound, PassageElsewhere.
    """
    if passage_id is None:
        return releases_queries.passage_to_deploy(target.service_id, target.environment, version)
    named = releases_queries.passage(passage_id)
    if (named.service_id, named.environment, named.version) != (
        target.service_id,
        target.environment,
        version,
    ):
        raise errors.PassageElsewhere(version=named.version, environment=named.environment)
    return passage_id


def begin(row: Rollout, *, now: datetime, actor: str) -> None:
    """Its deploy begins, unless it was begun by hand; raises what releases say where it may not."""
    if row.passage_id is None:
        return
    if releases_queries.passage(row.passage_id).state is not Passing.DEPLOYING:
        releases_actions.begin_deploy(passage_id=row.passage_id, now=now, actor=actor)


def took_effect(row: Rollout, *, now: datetime, actor: str) -> None:
    """It may get its first requests: whatever breaks from now on may be its fault."""
    if row.passage_id is None and not row.is_return:
        recording.record(row, DeployState.STARTED, now=now, actor=actor)


def deployed(row: Rollout, *, now: datetime, actor: str) -> None:
    """It has all traffic: it runs there from now on, and is in the ledger of changes."""
    if row.passage_id is None and not row.is_return:
        recording.record(row, DeployState.FINISHED, now=now, actor=actor)
    _told(
        row,
        lambda passage_id: releases_actions.finish_deploy(
            passage_id=passage_id, outcome=Outcome.DEPLOYED, now=now, actor=actor
        ),
    )


def proven(row: Rollout, *, now: datetime, actor: str) -> None:
    _told(
        row,
        lambda passage_id: releases_actions.mark_proven(
            passage_id=passage_id, now=now, actor=actor
        ),
    )


def taken_back(row: Rollout, *, now: datetime, actor: str) -> None:
    """The version before has all traffic again: the change failed."""
    if row.passage_id is None and not row.is_return:
        recording.record_undone(row, now=now, actor=actor)
    reason = row.reason or row.outcome.replace("_", " ")
    _told(
        row,
        lambda passage_id: releases_actions.mark_rolled_back(
            passage_id=passage_id,
            reason=reason,
            incident_id=row.incident_number,
            now=now,
            actor=actor,
        ),
    )


def went_back(row: Rollout, *, now: datetime, actor: str) -> None:
    """The version before runs again: the release that had replaced it failed after all."""
    proven = Rollout.objects.filter(
        target=row.target_id, version=row.stable_version, state=State.PROVEN.value, is_return=False
    )
    brought = proven.select_related("target").order_by("-id").first()
    if brought is None:
        return
    if brought.passage_id is None:
        recording.record_return(row, brought, now=now, actor=actor)
    else:
        _told(
            brought,
            lambda passage_id: releases_actions.mark_rolled_back(
                passage_id=passage_id, reason=row.reason, now=now, actor=actor
            ),
        )


def _told(row: Rollout, tell: Callable[[int], None]) -> None:
    if row.passage_id is None:
        return
    try:
        with transaction.atomic():
            tell(row.passage_id)
    except DomainError as error:
        log.warning("a release did not follow its rollout", rollout=row.pk, error=error.message)
