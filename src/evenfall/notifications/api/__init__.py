"""The REST API of notifications."""

from ninja import Router

from evenfall.notifications.api import people, providers

router = Router(tags=["notifications"])
router.add_router("", people.router)
router.add_router("", providers.router)
