"""What can go wrong with proposals. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class ProposalNotFound(NotFound):
    """There is no proposal {proposal_id}. What it stood on may have changed: look at the list."""

    code = "insights.proposal_not_found"


class ProposalIsNot(Conflict):
    """Proposal {proposal_id} is {state} by now, so this cannot be done to it. Load it anew."""

    code = "insights.proposal_is_not"


class RiskNotAccepted(Invalid):
    """This would have hidden {critical} critical page(s) that somebody acted on.

    Say that you know it, or choose another change.
    """

    code = "insights.risk_not_accepted"


class ReasonMissing(Invalid):
    """Say why not, in a few words; whoever looks next will ask."""

    code = "insights.reason_missing"


class DayNotPossible(Invalid):
    """Choose a day from tomorrow on, a year ahead at most."""

    code = "insights.day_not_possible"


class CannotBeMade(Conflict):
    """This cannot be made any more: {why}"""

    code = "insights.cannot_be_made"


class NotReplayed(Conflict):
    """This changes which alerts come, so the recorded ones cannot tell what it would do."""

    code = "insights.not_replayed"
