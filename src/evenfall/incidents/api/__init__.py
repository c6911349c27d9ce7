"""The REST API of incidents."""

from evenfall.incidents.api import acting, life, reading, runbooks, timeline
from evenfall.incidents.api.routing import router

__all__ = ["acting", "life", "reading", "router", "runbooks", "timeline"]
