"""The REST API of identity: me, people, teams, tokens, audit."""

from evenfall.identity.api import audit, people, teams, tokens
from evenfall.identity.api.router import router

__all__ = ["audit", "people", "router", "teams", "tokens"]
