"""The REST API of statuspages."""

from ninja import Router

router = Router(tags=["statuspages"])
