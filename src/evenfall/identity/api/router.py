"""The router which all of identity's operations join."""

from ninja import Router

router = Router(tags=["identity"])
