"""Foresight over the API."""

from evenfall.foresight.api import findings, runs
from evenfall.foresight.api.routing import router

__all__ = ["findings", "router", "runs"]
