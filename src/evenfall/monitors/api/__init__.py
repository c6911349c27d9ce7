"""The REST API of monitors."""

from evenfall.monitors.api import reports
from evenfall.monitors.api.operations import router

router.add_router("", reports.router)

__all__ = ["router"]
