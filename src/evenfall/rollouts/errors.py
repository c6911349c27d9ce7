"""What can go wrong with rollouts. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class AnalysisUnclear(Invalid):
    """{reason}"""

    code = "rollouts.analysis_unclear"


class AnalysisNotFound(NotFound):
    """There is no such analysis of this target. The rollout uses what every rollout has."""

    code = "rollouts.analysis_not_found"


class MetricNameTaken(Conflict):
    """There is a metric {name} already. Give this one another name."""

    code = "rollouts.metric_name_taken"


class TargetNotFound(NotFound):
    """There is no such target, or it was removed."""

    code = "rollouts.target_not_found"
