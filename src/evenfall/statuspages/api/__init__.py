"""The REST API of statuspages."""

from ninja import Router

from evenfall.statuspages.api.copies import router as copies
from evenfall.statuspages.api.looks import router as looks
from evenfall.statuspages.api.prepared import router as prepared
from evenfall.statuspages.api.settings import router as settings
from evenfall.statuspages.api.subscribers import router as subscribers
from evenfall.statuspages.api.telling import router as telling

router = Router(tags=["statuspages"])
router.add_router("", settings)
router.add_router("", looks)
router.add_router("", copies)
router.add_router("", telling)
router.add_router("", prepared)
router.add_router("", subscribers)
