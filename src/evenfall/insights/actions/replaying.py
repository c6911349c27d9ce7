"""What a proposal would have done to all alerts, not only to the pages of its problem."""

from datetime import datetime

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.ports.proposals import InhibitionChange, SilenceChange
from evenfall.foresight import actions as foresight_actions
from evenfall.foresight.actions import Asked
from evenfall.insights import errors
from evenfall.insights.actions.making import RULES, exemption_of, matchers_of, title_of
from evenfall.insights.logic.proposals import LOOKED_AT, REPLAYED, Kind
from evenfall.insights.models import Proposal


def replay_proposal(*, proposal_id: int, now: datetime, actor: str, by_name: str) -> int:
    """Ask what it would have done in the last four weeks; return the number of the what-if.

    Raises ProposalNotFound, NotReplayed, and what `foresight.actions.ask` raises.
    """
    row = Proposal.objects.filter(id=proposal_id).first()
    if row is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    return foresight_actions.ask(
        changes=[_change(row)],
        title=f"Proposal for {row.name}",
        days=LOOKED_AT.days,
        now=now,
        actor=actor,
        by_name=by_name,
    )


def _change(row: Proposal) -> Asked:
    kind, change = Kind(row.kind), row.change
    if kind not in REPLAYED:
        raise errors.NotReplayed
    if kind is Kind.SILENCE:
        return Asked(kind="silence", value=SilenceChange(matchers=matchers_of(change)))
    if kind in {Kind.INHIBIT, Kind.TWIN}:
        waits = InhibitionChange(
            name=row.name, source=matchers_of(change, "cause_"), target=matchers_of(change)
        )
        return Asked(kind="inhibition", value=waits)
    rules = alerting_actions.exception_change(
        rule_id=change["rule_id"],
        title=title_of(row, RULES[kind][1]),
        exemption=exemption_of(kind, change),
    )
    return Asked(kind="rules", value=rules)
