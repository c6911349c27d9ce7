"""The REST API of paging: policies, pages and personal rules."""

from ninja import Router

from evenfall.paging.api import pages, policies, rules

router = Router(tags=["paging"])
router.add_router("", policies.router)
router.add_router("", pages.router)
router.add_router("", rules.router)
