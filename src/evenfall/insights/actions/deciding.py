"""What people decide about proposals: apply, undo, dismiss."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from evenfall.insights import errors, events
from evenfall.insights.actions.making import MAKERS, UNDOERS
from evenfall.insights.logic.proposals import Kind, State
from evenfall.insights.models import Proposal
from evenfall.platform.events import publish

LONGEST_NO: Final = timedelta(days=366)
_REASON: Final = 500


@transaction.atomic
def apply_proposal(
    *, proposal_id: int, knows_risk: bool, by_name: str, now: datetime, actor: str
) -> None:
    """Make the change, through the action of the domain that owns it.

    Raises ProposalNotFound, ProposalIsNot (not open), RiskNotAccepted, CannotBeMade, and what that
    action raises.
    """
    row = _locked(proposal_id, State.OPEN)
    critical = row.evidence.get("critical", 0)
    if critical and not knows_risk:
        raise errors.RiskNotAccepted(field="knows_risk", critical=critical)
    row.made = MAKERS[Kind(row.kind)](row, by_name, now, actor)
    row.applied_at, row.applied_by = now, actor
    _move(row, State.APPLIED, now, actor)
    publish(events.ProposalApplied(**_about(row), made=row.made, at=now, actor=actor))


@transaction.atomic
def undo_proposal(*, proposal_id: int, now: datetime, actor: str) -> None:
    """Take away what was made; fine when somebody did so already.

    Raises ProposalNotFound, ProposalIsNot (not applied).
    """
    row = _locked(proposal_id, State.APPLIED)
    was_there = UNDOERS[Kind(row.kind)](row.made, now, actor)
    _move(row, State.UNDONE, now, actor)
    publish(events.ProposalUndone(**_about(row), was_there=was_there, at=now, actor=actor))


@transaction.atomic
def dismiss_proposal(
    *, proposal_id: int, reason: str, until: datetime, now: datetime, actor: str
) -> None:
    """Hide it until a day.

    Raises ProposalNotFound, ProposalIsNot (not open), ReasonMissing, DayNotPossible.
    """
    if not reason.strip():
        raise errors.ReasonMissing(field="reason")
    if not now < until <= now + LONGEST_NO:
        raise errors.DayNotPossible(field="until")
    row = _locked(proposal_id, State.OPEN)
    row.reason, row.until = reason.strip()[:_REASON], until
    _move(row, State.DISMISSED, now, actor)
    publish(
        events.ProposalDismissed(
            **_about(row), reason=row.reason, until=until.isoformat(), at=now, actor=actor
        )
    )


@transaction.atomic
def reopen_proposal(*, proposal_id: int, now: datetime, actor: str) -> None:
    """Take back that it was dismissed. Raises ProposalNotFound, ProposalIsNot (not dismissed)."""
    row = _locked(proposal_id, State.DISMISSED)
    row.reason, row.until = "", None
    _move(row, State.OPEN, now, actor)


def _locked(proposal_id: int, state: State) -> Proposal:
    row = Proposal.objects.select_for_update().filter(id=proposal_id).first()
    if row is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    if row.state != state.value:
        raise errors.ProposalIsNot(proposal_id=proposal_id, state=row.state)
    return row


def _move(row: Proposal, state: State, now: datetime, actor: str) -> None:
    row.state, row.state_at, row.state_by = state.value, now, actor
    row.save()


def _about(row: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": row.pk,
        "what": row.kind,
        "name": row.name,
        "service_id": row.service_id,
    }
