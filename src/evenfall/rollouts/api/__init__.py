"""The REST API of rollouts."""

from evenfall.rollouts.api import analyses, deploying, leading
from evenfall.rollouts.api.routing import router

__all__ = ["analyses", "deploying", "leading", "router"]
