"""The REST API of postmortems."""

from ninja import Router

router = Router(tags=["postmortems"])
