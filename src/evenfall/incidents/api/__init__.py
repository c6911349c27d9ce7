"""The REST API of incidents."""

from evenfall.incidents.api import (
    acting,
    hearing,
    life,
    privacy,
    reading,
    roles,
    runbooks,
    severities,
    suspects,
    tasks,
    timeline,
    updates,
)
from evenfall.incidents.api.routing import router

__all__ = [
    "acting",
    "hearing",
    "life",
    "privacy",
    "reading",
    "roles",
    "router",
    "runbooks",
    "severities",
    "suspects",
    "tasks",
    "timeline",
    "updates",
]
