"""The REST API of rollouts."""

from evenfall.rollouts.api import analyses
from evenfall.rollouts.api.routing import router

__all__ = ["analyses", "router"]
