"""The REST API of rollouts."""

from evenfall.rollouts.api import analyses, leading
from evenfall.rollouts.api.routing import router

__all__ = ["analyses", "leading", "router"]
