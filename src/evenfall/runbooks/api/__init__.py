"""The REST API of runbooks."""

from evenfall.runbooks.api import repositories, runners, runs, steps
from evenfall.runbooks.api.operations import router

router.add_router("", steps.router)
router.add_router("", runs.router)
router.add_router("", runners.router)
router.add_router("", repositories.router)

__all__ = ["router"]
