"""The REST API of notifications."""

from ninja import Router

from evenfall.notifications.api import people, providers, reach

router = Router(tags=["notifications"])
router.add_router("", people.router)
router.add_router("", providers.router)
router.add_router("", reach.router)
