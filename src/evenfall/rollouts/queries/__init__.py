"""Named reads of rollouts. Import this module, not its parts."""

from evenfall.rollouts.queries.analyses import (
    AnalysisView,
    GroupView,
    MetricView,
    Place,
    Point,
    RunView,
    ScoreView,
    analyses,
    analysis,
    place_of_rollout,
    place_of_target,
    runs,
    source_names,
)
from evenfall.rollouts.queries.analysis_pictures import (
    Picture,
    errors_chart,
    picture,
    series_chart,
)

__all__ = [
    "AnalysisView",
    "GroupView",
    "MetricView",
    "Picture",
    "Place",
    "Point",
    "RunView",
    "ScoreView",
    "analyses",
    "analysis",
    "errors_chart",
    "picture",
    "place_of_rollout",
    "place_of_target",
    "runs",
    "series_chart",
    "source_names",
]
