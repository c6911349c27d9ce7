"""The REST API of runbooks."""

from evenfall.runbooks.api.operations import router

__all__ = ["router"]
