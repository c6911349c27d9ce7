"""Making a proposal of the planner real, and taking it back."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import add_override, end_override, locked_rota
from evenfall.oncall.actions.rotas import replan_rota
from evenfall.oncall.logic.spec import OverrideKind, PlanSpec, Role
from evenfall.oncall.models import AppliedProposal
from evenfall.oncall.queries import ProposedShift
from evenfall.oncall.queries.specs import specs
from evenfall.platform.events import publish

NOTE = "planned for even loads"


@transaction.atomic
def apply_proposal(
    *,
    rota_id: int,
    weeks: int,
    fingerprint: str,
    with_order: bool = True,
    with_lieutenants: bool = True,
    now: datetime,
    actor: str,
) -> int:
    """Make the proposal real, all or none. Return its id, by which it can be undone.

    It becomes a plan with a new order of the members where the proposal has one, and overrides.
    Locks the rota and proposes again: what is applied is what was looked at. Raises
    `ProposalOutdated` when that is no longer so, `ProposalEmpty`, and what `add_override` raises.
    """
    rota = locked_rota(rota_id)
    found = queries.plan_proposal(
        rota_id, weeks=weeks, with_order=with_order, with_lieutenants=with_lieutenants, now=now
    )
    if found.fingerprint != fingerprint:
        raise errors.ProposalOutdated
    if not found.changes and not found.second_changes:
        raise errors.ProposalEmpty
    if found.order is not None:
        _replan(rota_id, found.order, found.order.starts_at, now=now, actor=actor)
    ids = [
        override_id
        for shift in found.to_override
        for override_id in _add(rota_id, shift, now=now, actor=actor)
    ]
    row = AppliedProposal.objects.create(
        rota=rota,
        override_ids=ids,
        plan_starts_at=found.order_starts_at,
        applied_at=now,
        applied_by=actor,
    )
    publish(
        events.ProposalApplied(
            rota_id=rota_id,
            team_id=rota.team_id,
            proposal_id=row.id,
            override_ids=tuple(ids),
            plan_starts_at=found.order_starts_at,
            at=now,
            actor=actor,
        )
    )
    return row.id


@transaction.atomic
def undo_proposal(*, rota_id: int, proposal_id: int, now: datetime, actor: str) -> None:
    """Cancel the overrides of an applied proposal and bring the order from before back.

    What is over stays as it was. Two people may undo at once: the conditional update lets one of
    them through. Raises `ProposalNotFound`, `ProposalUndone`, `ProposalReplanned`.
    """
    rota = locked_rota(rota_id)
    row = AppliedProposal.objects.filter(rota=rota, id=proposal_id).first()
    if row is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    if not AppliedProposal.objects.filter(id=row.id, undone_at=None).update(undone_at=now):
        raise errors.ProposalUndone
    if row.plan_starts_at is not None:
        _bring_back(rota_id, row.plan_starts_at, now=now, actor=actor)
    coming = {one.id for one in queries.coming_overrides(rota_id, now=now)}
    for override_id in row.override_ids:
        if override_id in coming:
            end_override(rota_id=rota_id, override_id=override_id, now=now, actor=actor)
    publish(
        events.ProposalUndone(
            rota_id=rota_id, team_id=rota.team_id, proposal_id=row.id, at=now, actor=actor
        )
    )


def _bring_back(rota_id: int, made_from: datetime, *, now: datetime, actor: str) -> None:
    """The plan before the one from `made_from`, which must still be the newest."""
    *_, before, newest = specs([rota_id], since=now)[rota_id].plans
    if newest.starts_at != made_from:
        raise errors.ProposalReplanned
    _replan(rota_id, before, max(made_from, now), now=now, actor=actor)


def _replan(
    rota_id: int, plan: PlanSpec, holds_from: datetime, *, now: datetime, actor: str
) -> None:
    replan_rota(
        rota_id=rota_id,
        layers=plan.layers,
        lieutenant=plan.lieutenant,
        shadows=plan.shadows,
        holds_from=holds_from,
        now=now,
        actor=actor,
    )


def _add(rota_id: int, shift: ProposedShift, *, now: datetime, actor: str) -> Iterator[int]:
    """One override for each piece of the shift that is worked."""
    is_primary = shift.role is Role.PRIMARY
    is_gap = shift.present_id is None and is_primary
    for starts_at, ends_at in shift.pieces:
        yield add_override(
            rota_id=rota_id,
            kind=OverrideKind.ADD if is_gap else OverrideKind.REPLACE,
            role=shift.role,
            user_id=shift.proposed_id,
            instead_of_id=shift.present_id if is_primary else None,
            starts_at=starts_at,
            ends_at=ends_at,
            note=NOTE,
            now=now,
            actor=actor,
        )
