"""What can be wrong with loads, plans and relief."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class WindowUnknown(Invalid):
    """Loads are told over {windows} weeks. Choose one of these."""

    code = "oncall.window_unknown"


class WeightsOutOfRange(Invalid):
    """Weights lie between 0 and {most}. Choose others."""

    code = "oncall.weights_out_of_range"


class NightEmpty(Invalid):
    """A night begins and ends at two different times of the day."""

    code = "oncall.night_empty"


class RegionUnknown(Invalid):
    """No holidays are known for {place}. Use codes of ISO 3166, such as DE and BY, or none."""

    code = "oncall.region_unknown"


class PercentOutOfRange(Invalid):
    """Somebody works between 0 and 100 percent of full time."""

    code = "oncall.percent_out_of_range"


class ProposalWeeks(Invalid):
    """A proposal covers from 1 to {most} weeks. Ask for as many."""

    code = "oncall.proposal_weeks"


class ProposalOutdated(Conflict):
    """The rota, an absence or a load changed since this was proposed. Look at the new proposal."""

    code = "oncall.proposal_outdated"


class ProposalEmpty(Conflict):
    """The proposal changes nothing: the plan is as fair as the rules allow."""

    code = "oncall.proposal_empty"


class ProposalNotFound(NotFound):
    """There is no applied proposal {proposal_id} of this rota. Look at the planner."""

    code = "oncall.proposal_not_found"


class ProposalUndone(Conflict):
    """This proposal was undone before. Reload the planner."""

    code = "oncall.proposal_undone"


class ProposalReplanned(Conflict):
    """The rota was planned anew since. Change the order of its members on the page of the rota."""

    code = "oncall.proposal_replanned"


class ReliefNotFound(NotFound):
    """There is no such offer, or it is not about you. Look at the rota."""

    code = "oncall.relief_not_found"


class NoDuty(NotFound):
    """Nobody has this role at that time, and nobody is missing. Look at the calendar."""

    code = "oncall.no_duty"
