"""The REST API of triage."""

from ninja import Router

router = Router(tags=["triage"])
