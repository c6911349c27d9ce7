"""The REST API of objectives."""

from evenfall.slo.api import budgets, indicators, objectives
from evenfall.slo.api.routing import router

__all__ = ["budgets", "indicators", "objectives", "router"]
