"""The REST API of on-call: rotas, overrides, schedules, who is on call."""

from ninja import Router

from evenfall.oncall.api import oncall, overrides, rotas

router = Router(tags=["oncall"])
router.add_router("", oncall.router)
router.add_router("", rotas.router)
router.add_router("", overrides.router)

__all__ = ["router"]
