"""The REST API of triage."""

from evenfall.triage.api import items, mail, settings
from evenfall.triage.api.routing import router

__all__ = ["items", "mail", "router", "settings"]
