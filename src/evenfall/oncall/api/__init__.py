"""The REST API of on-call: rotas, overrides, schedules, who is on call."""

from ninja import Router

from evenfall.oncall.api import (
    absences,
    fairness,
    feeds,
    handovers,
    oncall,
    overrides,
    requests,
    rotas,
    schedule,
)

router = Router(tags=["oncall"])
router.add_router("", oncall.router)
router.add_router("", schedule.router)
router.add_router("", feeds.router)
router.add_router("", handovers.router)
router.add_router("", rotas.router)
router.add_router("", overrides.router)
router.add_router("", absences.router)
router.add_router("", requests.router)
router.add_router("", fairness.router)

__all__ = ["router"]
