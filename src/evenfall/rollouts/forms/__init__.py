"""Asks for what people say about rollouts."""

from evenfall.rollouts.forms.analyses import LimitsForm, MetricForm
from evenfall.rollouts.forms.rollouts import KindsForm, StartRolloutForm, TargetForm

__all__ = ["KindsForm", "LimitsForm", "MetricForm", "StartRolloutForm", "TargetForm"]
