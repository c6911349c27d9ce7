"""Named reads of rollouts. Import this module, not its parts."""

from evenfall.rollouts.queries.analyses import (
    AnalysisView,
    GroupView,
    MetricView,
    Point,
    RunView,
    ScoreView,
    analysis,
    runs,
    source_names,
)
from evenfall.rollouts.queries.analysis_pictures import Picture, picture, series_chart
from evenfall.rollouts.queries.deploys import DeployView, deploys
from evenfall.rollouts.queries.objectives import BurnObjective, burn_objectives
from evenfall.rollouts.queries.pictures import failures_chart
from evenfall.rollouts.queries.rollouts import (
    RolloutView,
    ShowRollouts,
    live_of_target,
    rollout,
    rollouts_of_passage,
    rollouts_page,
)
from evenfall.rollouts.queries.story import StoryLine, story
from evenfall.rollouts.queries.targets import TargetView, find_target, target, target_of, targets
from evenfall.rollouts.queries.ways_back import usual_deploy_s, way_back

__all__ = [
    "AnalysisView",
    "BurnObjective",
    "DeployView",
    "GroupView",
    "MetricView",
    "Picture",
    "Point",
    "RolloutView",
    "RunView",
    "ScoreView",
    "ShowRollouts",
    "StoryLine",
    "TargetView",
    "analysis",
    "burn_objectives",
    "deploys",
    "failures_chart",
    "find_target",
    "live_of_target",
    "picture",
    "rollout",
    "rollouts_of_passage",
    "rollouts_page",
    "runs",
    "series_chart",
    "source_names",
    "story",
    "target",
    "target_of",
    "targets",
    "usual_deploy_s",
    "way_back",
]
