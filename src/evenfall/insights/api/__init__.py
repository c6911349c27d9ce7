"""Measurements and proposals over the API."""

from ninja import Router

from evenfall.insights.api import delivery, noise, proposals

router = Router(tags=["insights"])
for part in (delivery, noise, proposals):
    router.add_router("", part.router)

__all__ = ["router"]
