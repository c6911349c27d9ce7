"""The tables of rollouts. Rows are written by `actions` only."""

from evenfall.rollouts.models.analysis import (
    AnalysedMetric,
    Analysis,
    AnalysisRun,
    Measurement,
)
from evenfall.rollouts.models.deploys import Deploy
from evenfall.rollouts.models.rollouts import Rollout, Tally
from evenfall.rollouts.models.targets import Target

__all__ = [
    "AnalysedMetric",
    "Analysis",
    "AnalysisRun",
    "Deploy",
    "Measurement",
    "Rollout",
    "Tally",
    "Target",
]
