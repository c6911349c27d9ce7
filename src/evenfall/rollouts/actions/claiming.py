"""Taking one due rollout to work on. What was wanted is in the row since before: see `settling`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from evenfall.rollouts.actions.deploying import Placing, orders_of
from evenfall.rollouts.logic.plan import Plan, read_written
from evenfall.rollouts.logic.states import AHEAD, State
from evenfall.rollouts.models import Rollout
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.ports import About, Question, Split

LIMIT_S: Final = 3.0
"""For all that one pass asks of the outside."""
LEASE: Final = timedelta(seconds=LIMIT_S + 3)
AFTER_FAILURE: Final = timedelta(seconds=1)
_SHUT: Final = frozenset({State.RETURNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """All that is needed to touch the outside without a database.

    `must_apply`: what is wanted was not seen yet. `orders` are what is to be deployed now.
    """

    rollout_id: int
    target_id: int
    attempt: int
    intent: int
    must_apply: bool
    split: Split
    traffic_kind: str
    traffic: Mapping[str, str] = field(repr=False)
    deploy_kind: str
    deploy: Mapping[str, str] = field(repr=False)
    orders: Sequence[Placing]
    question: Question | None
    about: About


@transaction.atomic
def claim_rollout(*, now: datetime) -> Errand | None:
    """Claim the rollout that has been due for longest and that nobody is at."""
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    rows = Rollout.objects.filter(free, due_at__lte=now).select_related("target")
    row = (
        rows.select_for_update(no_key=True, of=("self",), skip_locked=True)
        .order_by("due_at", "id")
        .first()
    )
    if row is None:
        return None
    row.attempt += 1
    row.busy_until = now + LEASE
    row.save(update_fields=["attempt", "busy_until"])
    return _errand(row, now)


def give_back(*, errand: Errand, now: datetime) -> None:
    """A pass failed on its way: the next begins in a moment, not when its lease has run out."""
    mine = Rollout.objects.filter(id=errand.rollout_id, attempt=errand.attempt)
    mine.update(busy_until=now + AFTER_FAILURE)


def next_due(now: datetime) -> datetime | None:
    """When the next one wants a look."""
    rows = Rollout.objects.filter(due_at__isnull=False)
    when = Greatest("due_at", Coalesce("busy_until", F("due_at")))
    found = rows.annotate(when=when).order_by("when").values_list("when", flat=True).first()
    return None if found is None else max(found, now)


def _errand(row: Rollout, now: datetime) -> Errand:
    target, state, plan = row.target, State(row.state), read_written(row.plan)
    return Errand(
        rollout_id=row.pk,
        target_id=row.target_id,
        attempt=row.attempt,
        intent=row.intent,
        must_apply=row.seen_intent != row.intent,
        split=Split(
            new=row.side,
            stable=other(row.side),
            weight=row.weight,
            routes=row.routes,
            is_shut=state in _SHUT,
            beside=plan.beside(row.weight),
        ),
        traffic_kind=target.traffic_kind,
        traffic={**target.traffic_settings, **json.loads(target.traffic_secrets)},
        deploy_kind=target.deploy_kind,
        deploy={**target.deploy_settings, **json.loads(target.deploy_secrets)},
        orders=orders_of(row, plan, now=now),
        question=_question(row, plan) if state in AHEAD else None,
        about=About(
            service_id=target.service_id,
            environment=target.environment,
            passage_id=row.passage_id,
        ),
    )


def _question(row: Rollout, plan: Plan) -> Question:
    steps = plan.steps
    here = steps[row.step] if row.state == State.STEPPING and row.step < len(steps) else None
    return Question(
        rollout_id=row.pk,
        service_id=row.target.service_id,
        environment=row.target.environment,
        version=row.version,
        stable_version=row.stable_version,
        state=row.state,
        step=row.step,
        analysis="" if here is None else here.analysis,
        since=row.since,
    )
