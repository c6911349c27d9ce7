"""What can go wrong with rollouts. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, DomainError, Invalid, NotFound


class TargetUnclear(Invalid):
    """{reason}"""

    code = "rollouts.target_unclear"


class PlanWrong(Invalid):
    """{reason}"""

    code = "rollouts.plan_wrong"


class TargetNotFound(NotFound):
    """There is no such place for rollouts. It may have been removed."""

    code = "rollouts.target_not_found"


class RolloutNotFound(NotFound):
    """There is no such rollout, or you may not see it."""

    code = "rollouts.not_found"


class TargetThere(Conflict):
    """{service} has a place for rollouts in {environment} already. Change that one."""

    code = "rollouts.target_there"


class TargetBusy(Conflict):
    """A rollout is under way here. End it first."""

    code = "rollouts.target_busy"


class StillWatched(Conflict):
    """{version} has all traffic and is watched until {until}: the old side is the way back, and a
    new version would take its place. Say that this ends the watch (ends_watch), or roll back.
    """

    code = "rollouts.still_watched"


class SameVersion(Conflict):
    """{version} is what the stable side runs already."""

    code = "rollouts.same_version"


class PassageElsewhere(Invalid):
    """That passage is of {version} of another service, to another environment ({environment}), or
    of another version. Leave it out: what waits for this version here is found.
    """

    code = "rollouts.passage_elsewhere"


class RolloutEnded(Conflict):
    """This rollout has ended. What runs now is led by another one, or by nobody."""

    code = "rollouts.ended"


class GoingBack(Conflict):
    """All traffic goes back to the stable version already: nothing leads forward any more."""

    code = "rollouts.going_back"


class NothingToReturnTo(Conflict):
    """{service} has no rollout under way, and no earlier version of it was proven here. Roll the
    version out that you want.
    """

    code = "rollouts.nothing_to_return_to"


class NothingDeploys(Conflict):
    """{version} is kept no more, and nothing is set that deploys it. Deploy it on the {side} side,
    then start a rollout of it with the plan {{"strategy": "blue_green"}}: it switches at once.
    """

    code = "rollouts.nothing_deploys"


class PortMissing(DomainError):
    """This installation does not offer {kind}."""

    code = "rollouts.port_missing"
    status = 502


class PortFailed(DomainError):
    """{reason}"""

    code = "rollouts.port_failed"
    status = 502


class AnalysisUnclear(Invalid):
    """{reason}"""

    code = "rollouts.analysis_unclear"


class AnalysisNotFound(NotFound):
    """There is no such analysis. It may have been removed."""

    code = "rollouts.analysis_not_found"


class MetricNameTaken(Conflict):
    """There is a metric {name} already. Give this one another name."""

    code = "rollouts.metric_name_taken"
