"""The REST API of post-mortems and their actions."""

from evenfall.postmortems.api import attaching, promising, sharing, tracking, writing
from evenfall.postmortems.api.routing import router

__all__ = ["attaching", "promising", "router", "sharing", "tracking", "writing"]
