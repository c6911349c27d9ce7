"""The one router: operations on the same path must share it, or the second would not be found."""

from ninja import Router

router = Router(tags=["changes"])
