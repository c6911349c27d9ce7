"""Making a proposal of the planner real, and taking it back."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import add_override, end_override, locked_rota
from evenfall.oncall.logic.spec import OverrideKind
from evenfall.oncall.models import AppliedProposal
from evenfall.oncall.queries import ProposedShift
from evenfall.platform.events import publish

NOTE = "planned for even loads"


@transaction.atomic
def apply_proposal(*, rota_id: int, weeks: int, fingerprint: str, now: datetime, actor: str) -> int:
    """Make the proposal real as overrides, all or none. Return its id, by which it can be undone.

    Locks the rota and proposes again: what is applied is what was looked at. Raises
    `ProposalOutdated` when that is no longer so, `ProposalEmpty`, and what `add_override` raises.
    """
    rota = locked_rota(rota_id)
    found = queries.plan_proposal(rota_id, weeks=weeks, now=now)
    if found.fingerprint != fingerprint:
        raise errors.ProposalOutdated
    if not found.changes:
        raise errors.ProposalEmpty
    ids = [
        override_id
        for shift in found.changes
        for override_id in _add(rota_id, shift, now=now, actor=actor)
    ]
    row = AppliedProposal.objects.create(
        rota=rota, override_ids=ids, applied_at=now, applied_by=actor
    )
    publish(
        events.ProposalApplied(
            rota_id=rota_id,
            team_id=rota.team_id,
            proposal_id=row.id,
            override_ids=tuple(ids),
            at=now,
            actor=actor,
        )
    )
    return row.id


@transaction.atomic
def undo_proposal(*, rota_id: int, proposal_id: int, now: datetime, actor: str) -> None:
    """Cancel the overrides of an applied proposal; what is over stays as it was.

    Two people may undo at once: the conditional update lets one of them through. Raises
    `ProposalNotFound`, `ProposalUndone`.
    """
    rota = locked_rota(rota_id)
    row = AppliedProposal.objects.filter(rota=rota, id=proposal_id).first()
    if row is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    if not AppliedProposal.objects.filter(id=row.id, undone_at=None).update(undone_at=now):
        raise errors.ProposalUndone
    coming = {one.id for one in queries.coming_overrides(rota_id, now=now)}
    for override_id in row.override_ids:
        if override_id in coming:
            end_override(rota_id=rota_id, override_id=override_id, now=now, actor=actor)
    publish(
        events.ProposalUndone(
            rota_id=rota_id, team_id=rota.team_id, proposal_id=row.id, at=now, actor=actor
        )
    )


def _add(rota_id: int, shift: ProposedShift, *, now: datetime, actor: str) -> Iterator[int]:
    """One override for each piece of the shift that is worked."""
    is_gap = shift.present_id is None
    for starts_at, ends_at in shift.pieces:
        yield add_override(
            rota_id=rota_id,
            kind=OverrideKind.ADD if is_gap else OverrideKind.REPLACE,
            user_id=shift.proposed_id,
            instead_of_id=shift.present_id,
            starts_at=starts_at,
            ends_at=ends_at,
            note=NOTE,
            now=now,
            actor=actor,
        )
