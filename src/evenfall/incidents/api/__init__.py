"""The REST API of incidents."""

from evenfall.incidents.api import acting, reading
from evenfall.incidents.api.routing import router

__all__ = ["acting", "reading", "router"]
