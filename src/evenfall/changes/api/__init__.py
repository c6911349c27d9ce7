"""The REST API of the ledger."""

from evenfall.changes.api import ledger, sources
from evenfall.changes.api.routing import router

__all__ = ["ledger", "router", "sources"]
