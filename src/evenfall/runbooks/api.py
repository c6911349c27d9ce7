"""The REST API of runbooks."""

from ninja import Router

router = Router(tags=["runbooks"])
