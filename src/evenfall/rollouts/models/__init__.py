"""The tables of rollouts. Rows are written by `actions` only."""

from evenfall.rollouts.models.rollouts import Rollout, Tally
from evenfall.rollouts.models.targets import Target

__all__ = ["Rollout", "Tally", "Target"]
