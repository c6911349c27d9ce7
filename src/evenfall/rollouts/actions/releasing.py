"""What a rollout means for the release that it brings: its passage moves along.

A refusal of releases never stops traffic on its way: it is written to the log, and people see both.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger
from evenfall.releases import actions as releases_actions
from evenfall.releases.actions import Outcome
from evenfall.rollouts.models import Rollout

log = get_logger(__name__)


def begin(row: Rollout, *, now: datetime, actor: str) -> None:
    """Its deploy begins; raises what releases say where it may not."""
    if row.passage_id is not None:
        releases_actions.begin_deploy(passage_id=row.passage_id, now=now, actor=actor)


def deployed(row: Rollout, *, now: datetime, actor: str) -> None:
    """It has all traffic: it runs there from now on, and is in the ledger of changes."""
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


def _told(row: Rollout, tell: Callable[[int], None]) -> None:
    if row.passage_id is None:
        return
    try:
        with transaction.atomic():
            tell(row.passage_id)
    except DomainError as error:
        log.warning("a release did not follow its rollout", rollout=row.pk, error=error.message)
