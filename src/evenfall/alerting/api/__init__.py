"""The REST API of alerting."""

from ninja import Router

from evenfall.alerting.api import alerts, integrations, quiet, rules

router = Router(tags=["alerting"])
for _part in (alerts, quiet, rules, integrations):
    router.add_router("", _part.router)
