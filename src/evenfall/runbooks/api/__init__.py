"""The REST API of runbooks."""

from evenfall.runbooks.api import runs, steps
from evenfall.runbooks.api.operations import router

router.add_router("", steps.router)
router.add_router("", runs.router)

__all__ = ["router"]
