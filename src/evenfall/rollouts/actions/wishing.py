"""What people ask of a rollout. A wish is kept; the worker does it in a moment, or says why not.

Abort wins: once it is asked for, nothing leads forward any more, whatever was asked before.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.rollouts import errors, events
from evenfall.rollouts.actions.deploying import order_again
from evenfall.rollouts.actions.returning import return_to_proven
from evenfall.rollouts.actions.starting import WORK, about
from evenfall.rollouts.actions.targets import locked_target
from evenfall.rollouts.logic.states import ENDED, GOING_BACK, State, Wish
from evenfall.rollouts.models import Rollout, Target


def roll_back(*, rollout_id: int, reason: str = "", now: datetime, actor: str) -> int:
    """All traffic back to the stable side, at once. Twice is no error.

    Of the rollout that brought what runs now, the version before is brought back, by a rollout of
    its own. Returns the id of the one that leads back. Raises RolloutNotFound, RolloutEnded, and as
    `return_to_proven`.
    """
    with transaction.atomic():
        over = _proven_last(rollout_id)
        if over is not None:
            return return_to_proven(target_id=over, reason=reason, now=now, actor=actor)
        row = _locked(rollout_id)
        if row.state == State.RESTORING:
            order_again(row, now=now)
        if row.state in GOING_BACK or row.wish == Wish.ABORT:
            return row.pk
        if row.state == State.QUEUED:
            row.state, row.ended_at = State.ABORTED.value, now
        _ask(row, Wish.ABORT, reason, now=now, actor=actor)
        return row.pk


def _proven_last(rollout_id: int) -> int | None:
    """The target whose running version this rollout has brought and proven, if nothing is under
    way there. Locks the target.
    """
    rows = Rollout.objects.filter(id=rollout_id, state=State.PROVEN.value)
    target_id = rows.values_list("target_id", flat=True).first()
    if target_id is None:
        return None
    locked_target(target_id)
    newer = Rollout.objects.filter(target_id=target_id).filter(
        Q(ended_at=None) | Q(state=State.PROVEN.value, id__gt=rollout_id)
    )
    return None if newer.exists() else target_id


def roll_back_service(
    *, service_id: int, environment: str, reason: str = "", now: datetime, actor: str
) -> int:
    """The same for whatever is under way at a service, or else for what runs there.

    Returns the id of the rollout that leads back. Raises NothingToReturnTo, NothingDeploys.
    """
    rows = Rollout.objects.filter(
        target__service_id=service_id, target__environment=environment, ended_at=None
    )
    found = rows.exclude(state=State.QUEUED.value).values_list("id", flat=True).first()
    if found is not None:
        return roll_back(rollout_id=found, reason=reason, now=now, actor=actor)
    targets = Target.objects.filter(service_id=service_id, environment=environment, removed_at=None)
    target_id = targets.values_list("id", flat=True).first()
    if target_id is None:
        raise errors.NothingToReturnTo(service=catalog_queries.service(service_id).name)
    return return_to_proven(target_id=target_id, reason=reason, now=now, actor=actor)


@transaction.atomic
def promote(*, rollout_id: int, reason: str = "", now: datetime, actor: str) -> None:
    """Skip what is left and give it all traffic; in a watch: call it proven now.

    Raises RolloutNotFound, RolloutEnded, GoingBack.
    """
    row = _forward(rollout_id)
    row.held = ""
    _ask(row, Wish.PROMOTE, reason, now=now, actor=actor)


@transaction.atomic
def go_on(*, rollout_id: int, reason: str = "", now: datetime, actor: str) -> None:
    """End a hold; and go on from the step that waits for somebody, whatever the verdict said.

    Raises RolloutNotFound, RolloutEnded, GoingBack.
    """
    row = _forward(rollout_id)
    wish = Wish.NEXT if not row.held and row.asks else Wish.NONE
    row.held = ""
    _ask(row, wish, reason, now=now, actor=actor)


@transaction.atomic
def hold(*, rollout_id: int, reason: str = "", now: datetime, actor: str) -> None:
    """Go no step further until somebody says so; a failure still leads back.

    Raises RolloutNotFound, RolloutEnded, GoingBack.
    """
    row = _forward(rollout_id)
    said = reason.replace("\0", "").strip()[:200]
    row.held = f"Held by {actor}{f': {said}' if said else ''}"[:300]
    _hurry(row, now)
    row.save(update_fields=["held", "due_at"])
    _told(row, "hold", reason, now=now, actor=actor)


def _forward(rollout_id: int) -> Rollout:
    row = _locked(rollout_id)
    if row.state in GOING_BACK or row.wish == Wish.ABORT:
        raise errors.GoingBack
    return row


def _locked(rollout_id: int) -> Rollout:
    rows = Rollout.objects.select_for_update(no_key=True, of=("self",)).select_related("target")
    row = rows.filter(id=rollout_id).first()
    if row is None:
        raise errors.RolloutNotFound
    if State(row.state) in ENDED:
        raise errors.RolloutEnded
    return row


def _ask(row: Rollout, wish: Wish, reason: str, *, now: datetime, actor: str) -> None:
    row.wish, row.wish_by = wish.value, actor
    if wish is Wish.ABORT:
        row.outcome = State.ABORTED.value
    _hurry(row, now)
    row.save(update_fields=["state", "ended_at", "wish", "wish_by", "outcome", "held", "due_at"])
    _told(row, wish.value or "resume", reason, now=now, actor=actor)


def _told(row: Rollout, wish: str, reason: str, *, now: datetime, actor: str) -> None:
    said = reason.replace("\0", "").strip()[:500]
    publish(events.RolloutWished(**about(row), wish=wish, reason=said, at=now, actor=actor))
    wake(WORK)


def _hurry(row: Rollout, now: datetime) -> None:
    """Who is at it right now sees the wish when it settles; else it is due at once."""
    if row.due_at is not None:
        row.due_at = now
