"""Asking for a rollout. The worker brings it on its way; a version under way makes place first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from evenfall.platform.errors import DomainError
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.rollouts import errors, events, ports
from evenfall.rollouts.actions import releasing
from evenfall.rollouts.actions.targets import fitting_plan, locked_target
from evenfall.rollouts.events import RolloutFields
from evenfall.rollouts.logic.plan import read_written, written
from evenfall.rollouts.logic.states import GOING_BACK, State, Wish
from evenfall.rollouts.models import Rollout, Target
from evenfall.rollouts.models.targets import other

WORK: Final = "rollouts.work"


@transaction.atomic
def start_rollout(  # what a rollout is made of
    *,
    target_id: int,
    version: str,
    plan: Mapping[str, Any] | None = None,
    is_irreversible: bool = False,
    ends_watch: bool = False,
    passage_id: int | None = None,
    now: datetime,
    actor: str,
) -> int:
    """Ask for a version; returns the id of the rollout.

    Where another one is not promoted yet, its traffic goes back first and this one begins anew,
    with all of its steps. `is_irreversible`: it holds a migration that cannot be taken back, so a
    failure freezes and pages instead of leading back by itself. `ends_watch`: a version that is
    watched still is called proven now, for its old side is where this one goes. `passage_id`: the
    passage of a release that it brings on; without one, that which waits for this version here.

    Raises TargetNotFound, PlanWrong, SameVersion, StillWatched, PassageElsewhere, and what releases
    say where the passage may not be deployed.
    """
    target = locked_target(target_id)
    version = version.replace("\0", "").strip()[:120]
    if not version:
        raise errors.TargetUnclear(field="version", reason="Which version?")
    frozen = target.plan if plan is None else _frozen(target, plan)
    _make_place(target, version, ends_watch=ends_watch, now=now, actor=actor)
    _check_baseline(target, frozen)
    rollout = Rollout.objects.create(
        target=target,
        passage_id=releasing.brought(target, version, passage_id),
        version=version,
        side=other(target.stable_side),
        plan=frozen,
        is_irreversible=is_irreversible,
        state=State.QUEUED.value,
        since=now,
        started_by=actor,
        started_at=now,
    )
    fields = about(rollout)
    publish(events.RolloutStarted(**fields, strategy=frozen["strategy"], at=now, actor=actor))
    begin_queued(target, now=now)
    return rollout.pk


def begin_next(target: Target, *, now: datetime) -> None:
    """As `begin_queued`, after another one has ended; a version that may not go there now is out.

    Who ends a rollout must not fail for the next one.
    """
    try:
        with transaction.atomic():
            begin_queued(target, now=now)
    except DomainError as error:
        rows = Rollout.objects.filter(target=target, state=State.QUEUED.value)
        rows.update(state=State.ABORTED.value, ended_at=now, reason=error.message[:1000])


def begin_queued(target: Target, *, now: datetime) -> None:
    """Let the next version begin where none is under way. The target must be locked.

    Raises what releases say where its passage may not be deployed now.
    """
    live = Rollout.objects.filter(target=target, ended_at=None)
    if live.exclude(state=State.QUEUED.value).exists():
        return
    row = live.order_by("id").first()
    if row is None:
        return
    row.side = other(target.stable_side)
    row.stable_version = target.running(target.stable_side)
    releasing.begin(row, now=now, actor=row.started_by)
    row.state, row.since, row.due_at = State.DEPLOYING.value, now, now
    row.save(update_fields=["side", "stable_version", "state", "since", "due_at"])
    wake(WORK)


def about(row: Rollout) -> RolloutFields:
    """The fields that all facts of a rollout share."""
    return {
        "rollout_id": row.pk,
        "service_id": row.target.service_id,
        "environment": row.target.environment,
        "version": row.version,
        "stable_version": row.stable_version,
        "passage_id": row.passage_id,
    }


def _frozen(target: Target, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Another plan than the target's, as far as the ports can carry it out; raises PlanWrong."""
    return written(
        fitting_plan(
            plan,
            ports.traffic_port(target.traffic_kind),
            target.traffic_settings,
            ports.deployer(target.deploy_kind),
            target.deploy_settings,
        )
    )


def _check_baseline(target: Target, plan: Mapping[str, Any]) -> None:
    """Fresh instances of the stable version can be had only where it is known which that is."""
    if plan.get("baseline") and not target.running(target.stable_side):
        reason = "With a baseline, say at the place which version the stable side runs."
        raise errors.PlanWrong(field="plan", reason=reason)


def _make_place(
    target: Target, version: str, *, ends_watch: bool, now: datetime, actor: str
) -> None:
    live = list(Rollout.objects.select_for_update(no_key=True).filter(target=target, ended_at=None))
    watched = next((row for row in live if row.state == State.WATCHING), None)
    if watched is not None and not ends_watch:
        raise errors.StillWatched(version=watched.version, until=_until(watched))
    if version == (watched.version if watched else target.running(target.stable_side)):
        raise errors.SameVersion(version=version)
    for row in live:
        if row is watched and row.wish != Wish.ABORT:
            _end_watch(row, target, version, now=now, actor=actor)
        else:
            _supersede(row, now=now, actor=actor)


def _until(row: Rollout) -> str:
    until = (row.promoted_at or row.since) + timedelta(seconds=read_written(row.plan).watch_s)
    return f"{until:%H:%M} UTC"


def _end_watch(row: Rollout, target: Target, version: str, *, now: datetime, actor: str) -> None:
    """Its verdict counts until the worker has done it: what fails in between goes back still."""
    row.target = target
    row.wish, row.wish_by, row.held, row.due_at = Wish.PROMOTE.value, actor, "", now
    row.save(update_fields=["wish", "wish_by", "held", "due_at"])
    reason = f"Version {version} is started, which ends the watch."
    publish(
        events.RolloutWished(
            **about(row), wish=Wish.PROMOTE.value, reason=reason, at=now, actor=actor
        )
    )
    wake(WORK)


def _supersede(row: Rollout, *, now: datetime, actor: str) -> None:
    if row.state == State.QUEUED:
        row.state, row.ended_at = State.SUPERSEDED.value, now
        row.save(update_fields=["state", "ended_at"])
        return
    if row.state in GOING_BACK or row.wish == Wish.ABORT:
        return
    row.wish, row.wish_by = Wish.ABORT.value, actor
    row.outcome, row.due_at = State.SUPERSEDED.value, now
    row.save(update_fields=["wish", "wish_by", "outcome", "due_at"])
    wake(WORK)
