"""Where the way back leads from what runs now."""

from datetime import datetime, timedelta
from typing import Final

from evenfall.rollouts.logic.plan import read_written
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.logic.way_back import Proof, WayBack, proof_of, usual
from evenfall.rollouts.models import Deploy, Rollout, Target
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.ports import AlreadyThere

MOST_PROOFS: Final = 50
LAST_DEPLOYS: Final = 5


def way_back(target_id: int, *, now: datetime) -> WayBack | None:
    """The way back while no rollout is under way; None where nothing earlier is known."""
    target = Target.objects.get(id=target_id)
    rows = Rollout.objects.filter(target=target, state=State.PROVEN.value).order_by("-ended_at")
    proofs = [_proof(row) for row in rows[:MOST_PROOFS]]
    found = proof_of(target.running(target.stable_side), proofs)
    if found is None:
        return None
    side = other(target.stable_side)
    until = _warm_until(target, rows.first())
    is_kept = target.running(side) == found.stable_version
    is_warm = is_kept and until is not None and now < until
    # where nothing deploys, trying is better than refusing: who leads traffic sees who can serve
    by_hand = target.deploy_kind == AlreadyThere.name
    return WayBack(
        version=found.stable_version,
        side=side,
        proof=found,
        must_deploy=not (is_warm or (is_kept and by_hand)),
        warm_until=until if is_kept else None,
        deploy_s=usual_deploy_s(target_id),
    )


def usual_deploy_s(target_id: int) -> float | None:
    """What the last deploys took there, in seconds; None where there was none."""
    rows = Deploy.objects.filter(rollout__target_id=target_id, done_at__isnull=False)
    times = rows.order_by("-done_at").values_list("asked_at", "done_at")[:LAST_DEPLOYS]
    return usual([(done - asked).total_seconds() for asked, done in times if done is not None])


def _warm_until(target: Target, last: Rollout | None) -> datetime | None:
    """Until when the side without traffic is kept, since the last rollout took it away."""
    if last is None or last.promoted_at is None or last.side != target.stable_side:
        return None
    return last.promoted_at + timedelta(seconds=read_written(last.plan).warm_s)


def _proof(row: Rollout) -> Proof:
    return Proof(
        rollout_id=row.pk,
        version=row.version,
        stable_version=row.stable_version,
        is_return=row.is_return,
        passage_id=row.passage_id,
    )
