"""The REST API of patterns."""

from evenfall.patterns.api import ledger, pairs
from evenfall.patterns.api.routing import router

__all__ = ["ledger", "pairs", "router"]
