"""The REST API of incidents."""

from evenfall.incidents.api import acting, reading, runbooks
from evenfall.incidents.api.routing import router

__all__ = ["acting", "reading", "router", "runbooks"]
