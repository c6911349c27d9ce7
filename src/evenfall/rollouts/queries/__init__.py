"""Named reads of rollouts. Import this module, not its parts."""

from evenfall.rollouts.queries.pictures import failures_chart
from evenfall.rollouts.queries.rollouts import (
    RolloutView,
    ShowRollouts,
    live_of_target,
    rollout,
    rollouts_page,
)
from evenfall.rollouts.queries.story import StoryLine, story
from evenfall.rollouts.queries.targets import TargetView, target, target_of, targets

__all__ = [
    "RolloutView",
    "ShowRollouts",
    "StoryLine",
    "TargetView",
    "failures_chart",
    "live_of_target",
    "rollout",
    "rollouts_page",
    "story",
    "target",
    "target_of",
    "targets",
]
