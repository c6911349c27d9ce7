"""The REST API of releases."""

from evenfall.releases.api import exceptions, holds, passages, pipelines, releases, settings, trains
from evenfall.releases.api.routing import router

__all__ = [
    "exceptions",
    "holds",
    "passages",
    "pipelines",
    "releases",
    "router",
    "settings",
    "trains",
]
